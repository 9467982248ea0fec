import {
  closeSync,
  constants,
  createWriteStream,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  type WriteStream,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { EnvironmentError, UsageError } from "./exit.ts";
import { addFileToMark, addToMark, isFolder, isOurs, MARK, type Marked, parentsOf, readMark } from "./mark.ts";

/**
 * Makes the folder and tries to write to it, before a run spends 20 s on a result that cannot be kept. Changes nothing
 * that is in it: a run that cannot begin must not cost an earlier one's result.
 * @param names of the files that a run of this command may leave there, and of folders, with a slash at their end
 * @throws UsageError where it cannot be written to, or has a file of that name which alb502 has not written;
 * EnvironmentError where the disk is full
 */
export function checkFolder(folder: string, names: readonly string[]): void {
  inTemporaryFolderOf(folder, (temporary) => {
    writeFileSync(join(temporary, "room"), Buffer.alloc(ROOM_BYTES, "alb502"));
    const marked = readMark(folder);
    for (const name of names) assertOurs(folder, name, marked);
  });
}

/**
 * Removes what an earlier run wrote there: beside this run's logs, or after its failure, that would pass for this run's.
 * @param log the name of one that stays where this process has written it
 * @throws as checkFolder()
 */
export function clearFolder(folder: string, log?: string): void {
  try {
    const marked = readMark(folder);
    const stays = log !== undefined && isOurs(folder, log, marked) && isOfThisProcess(join(folder, log));
    for (const name of marked.keys()) {
      if (stays && name === log) continue;
      if (isOurs(folder, name, marked)) unlinkSync(join(folder, name));
      for (const parent of parentsOf(name)) removeIfEmpty(join(folder, parent));
    }
    rmSync(join(folder, MARK), { force: true });
    if (stays) addToMark(folder, log, null);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/**
 * Writes all of `files`, by their names in `folder`, which may hold slashes. Nobody sees a partial file: they are moved
 * there in their order once all are written. Readable by this user alone, since they may show requests.
 * Synchronous, so that no signal handler runs in between and leaves the temporary folder behind.
 * @throws as checkFolder()
 */
export function keepFiles(folder: string, files: Record<string, string | Uint8Array>): void {
  inTemporaryFolderOf(folder, (temporary) => {
    const entries = Object.entries(files).map(([name, content], i) => ({
      name,
      content,
      aside: join(temporary, `${i}`),
    }));
    for (const { content, aside } of entries) writeFileSync(aside, content, { mode: 0o600 });
    const marked = readMark(folder);
    for (const { name } of entries) assertOurs(folder, name, marked);
    for (const { name, content, aside } of entries) {
      for (const parent of parentsOf(name).reverse()) makeFolder(join(folder, parent));
      addToMark(folder, name, content);
      renameSync(aside, join(folder, name)); // replaces a link, and does not follow it
    }
  });
}

/**
 * A log that is written as it comes, since a run may last for hours.
 * @throws as checkFolder()
 */
export function openLog(folder: string, name: string): WriteStream {
  try {
    assertOurs(folder, name, readMark(folder));
    rmSync(join(folder, name), { force: true });
    addToMark(folder, name, null);
    const { O_CREAT, O_EXCL, O_WRONLY } = constants;
    return createWriteStream("", { fd: openSync(join(folder, name), O_CREAT | O_EXCL | O_WRONLY, 0o600) });
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/**
 * For a file that is too large to be held in memory: `write` gets a file aside, which is moved to `name` once it is whole.
 * @throws as checkFolder(), and what `write` throws
 */
export async function keepFile<T>(folder: string, name: string, write: (file: number) => Promise<T>): Promise<T> {
  let aside: string | undefined;
  let file: number | undefined;
  try {
    aside = mkdtempSync(join(folder, ".alb502-"));
    file = openSync(join(aside, name), "wx", 0o600);
    const written = await write(file);
    assertOurs(folder, name, readMark(folder));
    await addFileToMark(folder, name, join(aside, name));
    renameSync(join(aside, name), join(folder, name));
    return written;
  } catch (error) {
    throw unwritable(folder, error);
  } finally {
    if (file !== undefined) closeSync(file);
    if (aside !== undefined) rmSync(aside, { recursive: true, force: true });
  }
}

/** Half as much again as a run of 500 attempts takes. Only writing data shows that a disk is full. */
const ROOM_BYTES = 800_000;

/** @throws UsageError where `name` is there, and is or holds something that alb502 has not written */
function assertOurs(folder: string, name: string, marked: Marked): void {
  const foreign = parentsOf(name).find((parent) => isThere(join(folder, parent)) && !isFolder(join(folder, parent)));
  const found = foreign ?? (name.endsWith("/") ? foreignBelow(folder, name.slice(0, -1), marked) : name);
  if (found === null || !isThere(join(folder, found)) || isOurs(folder, found, marked)) return;
  throw new UsageError(
    `alb502 has not written ${JSON.stringify(join(folder, found))} and does not replace it: move it away or give --out another folder`,
  );
}

/** The first file in a folder that alb502 has not written; null where there is none. A link counts as a file. */
function foreignBelow(folder: string, name: string, marked: Marked): string | null {
  const path = join(folder, name);
  if (!isThere(path) || isOurs(folder, name, marked)) return null;
  if (!isFolder(path)) return name;
  for (const entry of readdirSync(path)) {
    const foreign = foreignBelow(folder, `${name}/${entry}`, marked);
    if (foreign !== null) return foreign;
  }
  return null;
}

/** A file system's clock may be a tick behind. */
const isOfThisProcess = (file: string): boolean => lstatSync(file).mtimeMs > performance.timeOrigin - 50;

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

function removeIfEmpty(folder: string): void {
  try {
    if (isFolder(folder)) rmdirSync(folder);
  } catch {
    // Somebody else has put something there.
  }
}

/**
 * Calls `write` with a folder that is gone afterwards. Inside `folder`, since a rename is atomic only within one file
 * system; `folder` is made where it is missing.
 * @throws as checkFolder()
 */
function inTemporaryFolderOf(folder: string, write: (temporary: string) => void): void {
  let temporary: string | undefined;
  try {
    makeFolder(resolve(folder));
    temporary = mkdtempSync(join(folder, ".alb502-"));
    write(temporary);
  } catch (error) {
    throw unwritable(folder, error);
  } finally {
    if (temporary) rmSync(temporary, { recursive: true, force: true });
  }
}

/** Not mkdirSync's `recursive`: for a folder in /proc, where mkdir answers ENOENT, Node 20.20.2 never returns from it. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

function unwritable(folder: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (!code) return error;
  const name = JSON.stringify(folder); // keeps a name with a line break on the one line
  if (FULL.has(code))
    return new EnvironmentError(
      `no room to write in ${name} (${code})`,
      "free 1 MB there or give --out another folder",
    );
  return new UsageError(
    `cannot write in ${name} (${code}): give --out a folder that exists or can be made, and may be written to`,
  );
}

/** EFBIG: a limit on the size of files, as `ulimit -f` sets it. */
const FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
