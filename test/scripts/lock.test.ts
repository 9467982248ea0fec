import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { scratchFolder } from "../parts/scratch.ts";

const LOCK = pathToFileURL(join(import.meta.dirname, "../../scripts/lock.mjs"));
// Enough to meet at the takeover, which must have exactly one winner.
const PROCESSES = 6;

test("The lock lets one process at a time in, also when all of them find a dead owner's lock.", async (t) => {
  const folder = await scratchFolder(t);
  const counter = join(folder, "counter");
  const lock = join(folder, "lock");
  await writeFile(counter, "0");
  await mkdir(lock);
  await writeFile(join(lock, "owner"), JSON.stringify({ ...here(), pid: await deadPid(), started: "1" }));

  // Read, wait, write: two inside at the same time lose a count.
  const program = `
    import { withLock } from ${JSON.stringify(LOCK.href)};
    import { readFileSync, writeFileSync } from "node:fs";
    await withLock(process.argv[1], {}, () => {}, async () => {
      const count = Number(readFileSync(process.argv[2]));
      await new Promise((resolve) => setTimeout(resolve, 20));
      writeFileSync(process.argv[2], String(count + 1));
    });`;
  const args = ["--input-type=module", "-e", program, lock, counter];
  await Promise.all(Array.from({ length: PROCESSES }, () => promisify(execFile)(process.execPath, args)));

  assert.equal(await readFile(counter, "utf8"), String(PROCESSES));
  assert.ok(!existsSync(lock), "the lock is gone");
});

const noProc = !existsSync("/proc/self/stat") && "this system has no /proc";

test("A dead owner's lock is taken over though another process has its pid by now, or the machine was restarted.", {
  skip: noProc,
}, async (t) => {
  const dead = [
    { ...here(), pid: process.pid, started: "1" },
    { ...here(), pid: process.pid, boot: "an earlier one" },
  ];
  for (const owner of dead) assert.equal(await takes(t, owner), "taken");
});

test("A lock of a process that runs, in another container or on another machine is waited for.", {
  skip: noProc,
}, async (t) => {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  const others = [
    { ...here(), pid: process.pid, started },
    { ...here(), pid: await deadPid(), started: "1", pids: "pid:[1]" },
    { ...here(), pid: await deadPid(), started: "1", boot: "another", host: "another" },
  ];
  for (const owner of others) {
    assert.match(await takes(t, owner), new RegExp(`another set-up of this clone is running \\(pid ${owner.pid}\\)`));
  }
});

type WithLock = (
  folder: string,
  interrupt: { signal: string | null },
  say: (line: string) => void,
  body: () => Promise<string>,
) => Promise<string | number>;

/** @returns "taken", or what it said while it had to wait */
async function takes(t: TestContext, owner: object): Promise<string> {
  const lock = join(await scratchFolder(t), "lock");
  await mkdir(lock);
  await writeFile(join(lock, "owner"), JSON.stringify(owner));
  const { withLock } = (await import(LOCK.href)) as { withLock: WithLock };
  const interrupt: { signal: string | null } = { signal: null };
  let said = "";
  const say = (line: string) => {
    said = line;
    interrupt.signal = "SIGINT"; // ends the wait
  };
  return (await withLock(lock, interrupt, say, async () => "taken")) === "taken" ? "taken" : said;
}

/** This process's surroundings, as a lock names them. */
const here = () => ({
  host: hostname(),
  boot: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
  pids: readlinkSync("/proc/self/ns/pid"),
});

/** The id of a process that has just ended. */
async function deadPid(): Promise<number> {
  const ended = promisify(execFile)(process.execPath, ["-e", ""]);
  await ended;
  return ended.child.pid!;
}
