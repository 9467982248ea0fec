import assert from "node:assert/strict";
import { test } from "node:test";
import { InconclusiveError, UsageError } from "../../src/run/exit.ts";
import { type RunningProcess, startProcess } from "../../src/stage/process.ts";
import { rejectWhenItDies, waitUntilReady } from "../../src/stage/wait-until-ready.ts";
import { isAlive } from "./alive.ts";

test("stop() ends a process by SIGTERM, and can be called again.", async () => {
  const running = await whenItSpeaks("echo ready; exec sleep 60");
  await running.stop();
  assert.deepEqual(await running.exited, { code: null, signal: "SIGTERM" });
  assert.equal(isAlive(running.pid), false);
  await running.stop();
});

test("A process that ignores SIGTERM is killed with its whole group once the grace is over.", async () => {
  // The child holds the shell's output open: was it not killed too, stop() would wait for it for a minute.
  const running = await whenItSpeaks('trap "" TERM; sleep 60 & echo ready; wait');
  const askedMs = performance.now();
  await running.stop(300);
  const tookMs = performance.now() - askedMs;

  assert.deepEqual(await running.exited, { code: null, signal: "SIGKILL" });
  assert.equal(isAlive(running.pid), false);
  // A timer is never early; late by what a busy machine takes to end two processes.
  assert.ok(tookMs >= 299 && tookMs < 1500, `${tookMs} ms`);
});

test("Standard output and standard error come line by line, and the last lines are kept for messages.", async () => {
  const lines: string[] = [];
  const running = await startProcess({
    name: "a shell",
    command: "sh",
    args: [
      "-c",
      'i=1; while [ $i -le 30 ]; do echo "out $i"; i=$((i+1)); done; echo problem >&2; printf unfinished >&2',
    ],
    onLine: (line, stream) => void lines.push(`${stream}: ${line}`),
  });
  assert.deepEqual(await running.exited, { code: 0, signal: null });
  assert.equal(lines.filter((line) => line.startsWith("stdout: out ")).length, 30);
  assert.deepEqual(
    lines.filter((line) => line.startsWith("stderr: ")),
    ["stderr: problem", "stderr: unfinished"],
  );
  assert.equal(running.tail().length, 20);
  assert.ok(running.tail().includes("problem"));
});

test("A process gets the variables it is given on top of ours.", async () => {
  const lines: string[] = [];
  process.env.ALB502_TEST_OURS = "ours";
  const running = await startProcess({
    name: "a shell",
    command: "sh",
    args: ["-c", 'echo "$ALB502_TEST_OURS $GIVEN"'],
    env: { GIVEN: "given" },
    onLine: (line) => void lines.push(line),
  });
  await running.exited;
  delete process.env.ALB502_TEST_OURS;
  assert.deepEqual(lines, ["ours given"]);
});

test("A command that cannot be run is a UsageError of one line that names it.", async () => {
  await assert.rejects(startProcess({ name: "HAProxy", command: "./no-such-haproxy", args: [] }), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /^HAProxy cannot be run as \.\/no-such-haproxy: .*ENOENT; see npm run doctor$/);
    return true;
  });
});

test("A process that ends by itself is an InconclusiveError with its last words; a stopped one is no surprise.", async () => {
  const dying = await shell("echo going down; exit 7");
  await assert.rejects(rejectWhenItDies(dying), (error) => {
    assert.ok(error instanceof InconclusiveError);
    assert.equal(error.message, "a shell ended in the middle (exit code 7): going down");
    return true;
  });

  const stopped = await shell("exec sleep 60");
  let rejected = false;
  rejectWhenItDies(stopped).catch(() => {
    rejected = true;
  });
  await stopped.stop();
  await turn();
  assert.equal(rejected, false);
});

test("A part that ends before it is ready is a UsageError with its last words.", async (t) => {
  const running = await shell("echo no such setting; exit 1");
  const waiting = waitUntilReady(running, async () => false, { signal: t.signal });
  await assert.rejects(waiting, (error) => {
    assert.ok(error instanceof UsageError);
    assert.equal(error.message, "a shell ended before it was ready: no such setting");
    return true;
  });
});

test("A part that is not ready in time is a UsageError that says how long it was waited for.", async (t) => {
  const running = await shell("exec sleep 60");
  t.after(() => running.stop());
  const waiting = waitUntilReady(running, async () => false, { signal: t.signal, timeoutMs: 200 });
  await assert.rejects(waiting, new UsageError("a shell was not ready after 0.2 s: it said nothing about it"));
});

test("Waiting for a part ends with the run.", async (t) => {
  const running = await shell("exec sleep 60");
  t.after(() => running.stop());
  const abort = new AbortController();
  const waiting = waitUntilReady(running, async () => false, { signal: abort.signal });
  abort.abort(new Error("interrupted"));
  await assert.rejects(waiting);
});

const shell = (script: string): Promise<RunningProcess> =>
  startProcess({ name: "a shell", command: "sh", args: ["-c", script] });

/** Runs `script` and resolves when it has printed its first line: its traps are set by then. */
async function whenItSpeaks(script: string): Promise<RunningProcess> {
  const { promise, resolve } = deferred();
  const running = await startProcess({ name: "a shell", command: "sh", args: ["-c", script], onLine: resolve });
  await promise;
  return running;
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));
