import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { it, test } from "node:test";
import { promisify } from "node:util";
import { hasEnded, type Owner, parseOwner, startOf, thisProcess } from "../../src/run/owner.ts";

test("This process has not ended, and what it says of itself reads back the same.", async () => {
  const me = await thisProcess();
  assert.equal(me.pid, process.pid);
  assert.notEqual(me.started, "");
  assert.deepEqual(parseOwner(JSON.stringify(me)), me);
  assert.equal(await hasEnded(me), false);
});

const others: [who: string, change: Partial<Owner>, ended: boolean][] = [
  ["a process whose pid another one has by now", { started: "another moment" }, true],
  ["a process from before this machine's last boot", { boot: "another boot" }, true],
  ["a process of another machine, that shares a folder with us", { host: "another.example", boot: "another" }, false],
  ["a process of this machine, when it had another name", { host: "another.example", started: "another moment" }, true],
  ["a process whose start the system did not tell", { started: "" }, false],
  ["a process of another container, whose pids we do not see", { pids: "pid:[1]", started: "another moment" }, false],
  ["a process of another user", { uid: 12345, started: "another moment" }, false],
];
for (const [who, change, ended] of others) {
  it(`Of ${who} we say that it has ${ended ? "" : "not "}certainly ended.`, async () => {
    assert.equal(await hasEnded({ ...(await thisProcess()), ...change }), ended);
  });
}

test("A process has ended when it was killed, also while nobody has asked for its exit code.", async (t) => {
  // exec keeps the shell's child, which `exec sleep` knows nothing of: its end stays a zombie.
  const parent = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
  t.after(() => parent.kill("SIGKILL"));
  const pid = Number((await once(parent.stdout, "data"))[0]);
  const owner = { ...(await thisProcess()), pid, started: (await startOf(pid))! };
  assert.equal(await hasEnded(owner), false);
  process.kill(pid, "SIGKILL");
  for (const end = Date.now() + 2000; Date.now() < end && !(await hasEnded(owner)); );
  assert.equal(await hasEnded(owner), true);
});

test("The start of a running process always reads the same, and one that has ended has none.", async () => {
  assert.equal(await startOf(process.pid), await startOf(process.pid));
  const { pid } = spawn("true");
  const gone = await promisify(execFile)("sh", ["-c", "echo $$"]);
  assert.notEqual(await startOf(pid!), undefined);
  assert.equal(await startOf(Number(gone.stdout)), null);
});

test("A file that no run of ours wrote names no owner: a newer version's format, half a line, nothing.", () => {
  for (const text of ["", "{", "[]", '{"pid":1}']) assert.equal(parseOwner(text), null, text);
  assert.equal(existsSync("/proc/self/stat") || process.platform === "darwin", true, "one of the two ways is there");
});
