import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { UsageError } from "../../src/run/exit.ts";
import { checkFolder, clearFolder, keepFiles, openLog } from "../../src/run/out-folder.ts";
import { scratchFolder } from "../parts/scratch.ts";

const NAMES = ["result.json", "junit.xml", "logs/", "up-haproxy.log"];

/** Everything below a folder, but for the mark. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && entry.name !== ".alb502")
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

const refuses = (name: string) => (error: unknown) =>
  error instanceof UsageError &&
  new RegExp(
    `^alb502 has not written ".*${name}" and does not replace it: move it away or give --out another folder$`,
  ).test(error.message);

test("What one run keeps is removed for the next, with the folders that are empty then, and nothing else.", async (t) => {
  const folder = await scratchFolder(t);
  writeFileSync(join(folder, "notes.txt"), "mine");
  checkFolder(folder, NAMES);
  keepFiles(folder, { "result.json": "{}", "logs/a/b.gz": Buffer.from([0]), "logs/c": "" });
  writeFileSync(join(folder, "logs/mine.log"), "mine");
  rmSync(join(folder, "logs/mine.log"));
  checkFolder(folder, NAMES);
  clearFolder(folder);
  assert.deepEqual(readdirSync(folder), ["notes.txt"]);
});

const foreign: [what: string, make: (folder: string) => void, name: string][] = [
  ["a result of another program", (folder) => writeFileSync(join(folder, "result.json"), "{}"), "result.json"],
  ["a folder of real logs", (folder) => makeFile(folder, "logs", "2026", "real.log.gz"), "real.log.gz"],
  ["a folder in a file's place", (folder) => mkdirSync(join(folder, "junit.xml")), "junit.xml"],
  ["a link", (folder) => symlinkSync("/etc/hostname", join(folder, "junit.xml")), "junit.xml"],
  ["a link to nothing", (folder) => symlinkSync("nothing", join(folder, "junit.xml")), "junit.xml"],
  ["a link in a folder's place", (folder) => symlinkSync("/tmp", join(folder, "logs")), "logs"],
  ["a pipe", (folder) => execFileSync("mkfifo", [join(folder, "junit.xml")]), "junit.xml"],
];

for (const [what, make, name] of foreign) {
  test(`Where ${what} has a name that is wanted, that is refused in one line, and it stays as it was.`, async (t) => {
    const folder = await scratchFolder(t);
    make(folder);
    const before = filesIn(folder);
    assert.throws(() => checkFolder(folder, NAMES), refuses(name));
    clearFolder(folder);
    if (name !== "real.log.gz") {
      assert.throws(() => keepFiles(folder, { "result.json": "1", "junit.xml": "2", "logs/x": "3" }), refuses(name));
    }
    assert.deepEqual(filesIn(folder), before);
  });
}

test("In a folder with a mark, what somebody else has put there or changed since is not touched either.", async (t) => {
  const folder = await scratchFolder(t);
  keepFiles(folder, { "result.json": "ours", "logs/check/a.gz": "ours" });
  writeFileSync(join(folder, "result.json"), "theirs");
  makeFile(folder, "logs", "real.log.gz");
  assert.throws(() => checkFolder(folder, ["result.json"]), refuses("result.json"));
  assert.throws(() => checkFolder(folder, ["logs/"]), refuses("real.log.gz"));
  clearFolder(folder);
  assert.deepEqual(filesIn(folder), ["logs/real.log.gz", "result.json"]);
  assert.throws(() => keepFiles(folder, { "result.json": "ours" }), refuses("result.json"));
  assert.equal(readFileSync(join(folder, "result.json"), "utf8"), "theirs");
});

test("A mark cannot lead out of its folder, whatever it names.", async (t) => {
  const folder = await scratchFolder(t);
  const [out, other] = [join(folder, "out"), join(folder, "other")];
  mkdirSync(out);
  makeFile(other, "victim.log");
  symlinkSync(other, join(out, "link"));
  const names = ["../other/victim.log", join(other, "victim.log"), "link/victim.log", "./../other/victim.log"];
  writeFileSync(join(out, ".alb502"), names.map((name) => `-  ${name}\n`).join(""));
  clearFolder(out);
  assert.deepEqual(filesIn(other), ["victim.log"]);
});

test("A mark that is itself a link is neither read nor written through.", async (t) => {
  const folder = await scratchFolder(t);
  const [out, victim] = [join(folder, "out"), join(folder, "victim")];
  mkdirSync(out);
  writeFileSync(victim, "");
  symlinkSync(victim, join(out, ".alb502"));
  assert.throws(() => keepFiles(out, { "result.json": "{}" }), /cannot write in ".*out" \(ELOOP\)/);
  assert.equal(readFileSync(victim, "utf8"), "");
});

test("Files are readable by this user alone, whatever the umask.", async (t) => {
  const folder = await scratchFolder(t);
  const umask = process.umask(0);
  t.after(() => void process.umask(umask));
  keepFiles(folder, { "result.json": "{}" });
  const log = openLog(folder, "up-haproxy.log");
  log.end("a line\n");
  await once(log, "close");
  for (const name of ["result.json", "up-haproxy.log", ".alb502"]) {
    assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
  }
});

test("A log that is written as it comes is ours, also where the run was killed, and is replaced.", async (t) => {
  const folder = await scratchFolder(t);
  const log = openLog(folder, "up-haproxy.log");
  log.end("a line\n");
  await once(log, "close");
  checkFolder(folder, NAMES);
  clearFolder(folder);
  assert.deepEqual(readdirSync(folder), []);
});

test("A failing write leaves the file as it was.", async (t) => {
  const folder = await scratchFolder(t);
  keepFiles(folder, { "result.json": "earlier" });
  assert.throws(() => keepFiles(folder, { "result.json": "later", "junit.xml/\0": "" }));
  assert.equal(readFileSync(join(folder, "result.json"), "utf8"), "earlier");
});

test("A folder that may not be read or searched is named in one line.", async (t: TestContext) => {
  if (process.getuid?.() === 0) return t.skip("root may read everything");
  const folder = await scratchFolder(t);
  makeFile(folder, "logs", "a");
  chmodSync(join(folder, "logs"), 0);
  t.after(() => chmodSync(join(folder, "logs"), 0o700));
  assert.throws(() => checkFolder(folder, NAMES), /cannot write in ".*" \(EACCES\)/);
});

function makeFile(...path: string[]): void {
  mkdirSync(join(...path.slice(0, -1)), { recursive: true });
  writeFileSync(join(...path), "theirs");
}
