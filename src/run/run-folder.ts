import { mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { appendFile, lstat, readdir, readFile, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { hasEnded, isRunning, parseOwner, startOf, thisProcess } from "./owner.ts";
import { onStart } from "./process.ts";

/**
 * Makes a folder in `parent`, named `prefix` and six letters or digits, that says whose it is: after a kill -9
 * removeAbandoned() finds it.
 * @throws the file system's error
 */
export async function makeOwnedFolder(parent: string, prefix: string): Promise<string> {
  const owner = JSON.stringify(await thisProcess());
  // Without a pause: a process killed in between would leave a folder without its owner.
  const folder = mkdtempSync(join(parent, prefix));
  writeFileSync(join(folder, HALF_OWNER), owner);
  renameSync(join(folder, HALF_OWNER), join(folder, OWNER));
  return folder;
}

/** Writes down in `folder` each part that this process starts. @returns a function that stops that */
export const recordParts = (folder: string): (() => void) =>
  onStart(async (pid) => {
    const started = await startOf(pid).catch(() => null);
    if (started === null) return;
    const line = `${JSON.stringify({ ...(await thisProcess()), pid, started })}\n`;
    await appendFile(join(folder, PARTS), line).catch(() => {}); // a full disk: its guard ends it all the same
  });

/** What was removed, for one line. */
export interface Removed {
  folders: number;
  processes: number;
}

/**
 * Removes the folders in `parent` whose process has ended without doing so, and the parts that it left running. Those of
 * other users, machines and containers, and those of a run in progress, stay. Never throws.
 * @param names of folders that makeOwnedFolder() makes
 */
export async function removeAbandoned(parent: string, names: RegExp): Promise<Removed> {
  const folders = (await readdir(parent).catch(() => [])).filter((name) => names.test(name));
  const removed = { folders: 0, processes: 0 };
  for (const name of folders) {
    const folder = join(parent, name);
    if (!(await isAbandoned(folder).catch(() => false))) continue;
    removed.processes += await endParts(folder).catch(() => 0);
    await rm(folder, { recursive: true, force: true }).then(
      () => removed.folders++,
      () => {},
    );
  }
  return removed;
}

const OWNER = "owner.json";
const HALF_OWNER = "owner.json.new";
const PARTS = "parts.jsonl";

async function isAbandoned(folder: string): Promise<boolean> {
  const { uid, mtimeMs } = await lstat(folder);
  if (uid !== (await thisProcess()).uid) return false;
  const owner = parseOwner(await readFile(join(folder, OWNER), "utf8").catch(() => ""));
  if (owner !== null) return hasEnded(owner);
  // Killed before it could say whose it is. Anything in it is somebody else's, or an older version's.
  if (Date.now() - mtimeMs > HALF_MADE_MS) {
    await rm(join(folder, HALF_OWNER), { force: true });
    await rmdir(folder).catch(() => {});
  }
  return false;
}

const HALF_MADE_MS = 10_000;

/** Each with its group, if it is still the process that was written down. @returns how many */
async function endParts(folder: string): Promise<number> {
  const lines = await readFile(join(folder, PARTS), "utf8").catch(() => "");
  const parts = lines.split("\n").map(parseOwner);
  let ended = 0;
  for (const part of parts) if (part !== null && (await isRunning(part))) ended += killGroup(part.pid);
  return ended;
}

function killGroup(pid: number): number {
  try {
    process.kill(-pid, "SIGKILL");
    return 1;
  } catch {
    return 0; // it ended meanwhile
  }
}
