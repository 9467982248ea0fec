// npm test: quiet, since a sweep of the temp folder has 50 ms
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { thisProcess } from "../../src/run/owner.ts";
import { startProcess } from "../../src/run/process.ts";
import { makeOwnedFolder, recordParts, removeAbandoned } from "../../src/run/run-folder.ts";
import { scratchFolder } from "../parts/scratch.ts";

const NAMES = /^run-[A-Za-z0-9]{6}$/;

test("A folder of a process that goes on stays, with all that is in it.", async (t) => {
  const parent = await scratchFolder(t);
  const folder = await makeOwnedFolder(parent, "run-");
  await writeFile(join(folder, "file"), "");
  assert.deepEqual(await removeAbandoned(parent, NAMES), { folders: 0, processes: 0 });
  assert.deepEqual((await readdir(folder)).sort(), ["file", "owner.json"]);
});

test("A folder whose process has ended goes, and the parts that it left running end.", async (t) => {
  const parent = await scratchFolder(t);
  const folder = await makeOwnedFolder(parent, "run-");
  const part = await recorded(t, folder);
  await abandon(folder);
  assert.deepEqual(await removeAbandoned(parent, NAMES), { folders: 1, processes: 1 });
  assert.deepEqual(await part.exited, { code: null, signal: "SIGKILL" });
  assert.deepEqual(await readdir(parent), []);
});

test("A process that has the pid of a part by now, but was started at another moment, is left alone.", async (t) => {
  const parent = await scratchFolder(t);
  const folder = await makeOwnedFolder(parent, "run-");
  const bystander = await recorded(t, folder);
  const line = JSON.parse(await readFile(join(folder, "parts.jsonl"), "utf8"));
  await writeFile(join(folder, "parts.jsonl"), JSON.stringify({ ...line, started: "another moment" }));
  await abandon(folder);
  assert.deepEqual(await removeAbandoned(parent, NAMES), { folders: 1, processes: 0 });
  await bystander.stop();
  assert.deepEqual(await bystander.exited, { code: null, signal: "SIGTERM" }, "it lived until now");
});

test("A folder that does not say whose it is goes when it is empty and not new, else it stays.", async (t) => {
  const parent = await scratchFolder(t);
  const [young, old, half, filled] = [
    await named(parent),
    await named(parent),
    await named(parent),
    await named(parent),
  ];
  await writeFile(join(half, "owner.json.new"), '{"host":');
  await writeFile(join(filled, "file"), "");
  const aMinuteAgo = new Date(Date.now() - 60_000);
  for (const folder of [old, half, filled]) await utimes(folder, aMinuteAgo, aMinuteAgo);
  await removeAbandoned(parent, NAMES);
  assert.deepEqual((await readdir(parent)).map((name) => join(parent, name)).sort(), [young, filled].sort());
});

test("Folders of other names are not looked at, and a parent that is not there is no error.", async (t) => {
  const parent = await scratchFolder(t);
  await mkdir(join(parent, "run-and-more-abc123"));
  await writeFile(join(parent, "run-and-more-abc123", "owner.json"), JSON.stringify(await endedProcess()));
  const none = { folders: 0, processes: 0 };
  assert.deepEqual(await removeAbandoned(parent, NAMES), none);
  assert.deepEqual(await removeAbandoned(join(parent, "none"), NAMES), none);
  assert.deepEqual(await readdir(parent), ["run-and-more-abc123"]);
});

test("Among a thousand other files the search takes less than 50 ms.", async (t) => {
  const parent = await scratchFolder(t);
  for (let i = 0; i < 1000; i++) await writeFile(join(parent, `file-${i}`), "");
  await makeOwnedFolder(parent, "run-");
  const startMs = performance.now();
  await removeAbandoned(parent, NAMES);
  assert.ok(performance.now() - startMs < 50, `${performance.now() - startMs} ms`);
});

/** Makes it the folder of a process that has ended: this pid, started at another moment. */
const abandon = async (folder: string) => writeFile(join(folder, "owner.json"), JSON.stringify(await endedProcess()));

const endedProcess = async () => ({ ...(await thisProcess()), started: "another moment" });

const named = (parent: string) => mkdtemp(join(parent, "run-"));

/** A part that is written down in `folder`. */
async function recorded(t: TestContext, folder: string) {
  const stop = recordParts(folder);
  const part = await startProcess({ name: "a shell", command: "sleep", args: ["60"] });
  t.after(() => part.stop());
  stop();
  for (const signal = AbortSignal.timeout(5000); !(await readdir(folder)).includes("parts.jsonl"); await delay(5))
    signal.throwIfAborted();
  return part;
}
