import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
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
  await writeFile(join(lock, "pid"), String(await deadPid()));

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

/** The id of a process that has just ended. */
async function deadPid(): Promise<number> {
  const ended = promisify(execFile)(process.execPath, ["-e", ""]);
  await ended;
  return ended.child.pid!;
}
