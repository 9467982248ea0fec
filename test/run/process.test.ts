import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { EnvironmentError, InconclusiveError } from "../../src/run/exit.ts";
import { type RunningProcess, runToEnd, startProcess } from "../../src/run/process.ts";
import { rejectWhenItDies, waitUntilReady } from "../../src/stage/wait-until-ready.ts";
import { scratchFolder } from "../parts/scratch.ts";
import { isAlive } from "../stage/alive.ts";

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

test("A command that cannot be run is an EnvironmentError of one line that names it.", async () => {
  await assert.rejects(startProcess({ name: "HAProxy", command: "./no-such-haproxy", args: [] }), (error) => {
    assert.ok(error instanceof EnvironmentError);
    assert.match(error.message, /^HAProxy cannot be run as \.\/no-such-haproxy: .*ENOENT; see npm run doctor$/);
    return true;
  });
});

test("A process that ends by itself is an InconclusiveError with its last words; a stopped one is no surprise.", async () => {
  const dying = await shell("echo going down; exit 7");
  await assert.rejects(rejectWhenItDies(dying), (error) => {
    assert.ok(error instanceof InconclusiveError);
    assert.equal(error.message, "a shell exited unexpectedly (exit code 7): going down");
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

test("A part that ends before it is ready is an EnvironmentError with its last words.", async (t) => {
  const running = await shell("echo no such setting; exit 1");
  const waiting = waitUntilReady(running, async () => false, { signal: t.signal });
  await assert.rejects(waiting, (error) => {
    assert.ok(error instanceof EnvironmentError);
    assert.equal(error.message, "a shell ended before it was ready: no such setting");
    return true;
  });
});

test("A part that is not ready in time is an EnvironmentError that says how long it was waited for.", async (t) => {
  const running = await shell("exec sleep 60");
  t.after(() => running.stop());
  const waiting = waitUntilReady(running, async () => false, { signal: t.signal, timeoutMs: 200 });
  await assert.rejects(waiting, new EnvironmentError("a shell was not ready after 0.2 s: it said nothing about it"));
});

test("Waiting for a part ends with the run.", async (t) => {
  const running = await shell("exec sleep 60");
  t.after(() => running.stop());
  const abort = new AbortController();
  const waiting = waitUntilReady(running, async () => false, { signal: abort.signal });
  abort.abort(new Error("interrupted"));
  await assert.rejects(waiting);
});

test("A process ends when we are killed, with its children, though nobody can tell it.", async (t) => {
  const { owner, pids } = await inAnotherProcess(
    t,
    `
    await startProcess({ name: "a shell", command: "sh", args: ["-c", "sleep 60 & echo $$ $!; wait"], onLine: (line) => console.log(line) });`,
  );
  process.kill(owner, "SIGKILL");
  await allGone(pids);
});

test("A tool that runs to its end is interrupted when we are killed: it can clean up, as after Ctrl-C.", async (t) => {
  const file = join(await scratchFolder(t), "cleaned-up");
  const script = `trap "echo done >${file}; exit" INT; echo $$ >&2; while :; do sleep 0.05; done`;
  const { owner, pids } = await inAnotherProcess(
    t,
    `
    void runToEnd("sh", ["-c", ${JSON.stringify(`exec 2>${file}.pid; ${script}`)}], { env: process.env });
    const pid = () => { try { return readFileSync(${JSON.stringify(`${file}.pid`)}, "utf8").trim(); } catch { return ""; } };
    while (pid() === "") await delay(5);
    console.log(pid());`,
  );
  process.kill(owner, "SIGKILL");
  await allGone(pids);
  assert.equal(await readFile(file, "utf8"), "done\n");
});

test("Running to the end tells the exit code or signal, and what was printed on which stream.", async () => {
  const { env } = process;
  const said = await runToEnd("sh", ["-c", "echo out; echo err >&2; exit 3"], { env });
  assert.deepEqual(
    { ...said, output: said.output.split("\n").sort() },
    {
      ...{ code: 3, signal: null, stdout: "out\n", stderr: "err\n", timedOut: false },
      output: ["", "err", "out"],
    },
  );
  assert.equal((await runToEnd("sh", ["-c", "kill -9 $$"], { env })).signal, "SIGKILL");
});

test("A tool that takes too long is killed with its group, and so is one that does not heed an abort.", async () => {
  const deaf = ["-c", 'trap "" INT TERM; sleep 60 & wait'];
  const { env } = process;
  const startMs = performance.now();
  assert.equal((await runToEnd("sh", deaf, { env, timeoutMs: 200 })).timedOut, true);
  const signal = AbortSignal.timeout(200);
  await assert.rejects(runToEnd("sh", deaf, { env, signal, graceMs: 200 }), { name: "TimeoutError" });
  const tookMs = performance.now() - startMs;
  assert.ok(tookMs > 590 && tookMs < 3000, `${tookMs} ms`);
});

test("What cannot be run is told apart by its code: not there, not for this user, a folder.", async (t) => {
  const folder = await scratchFolder(t);
  await writeFile(join(folder, "plain"), "");
  for (const [command, code] of [
    ["./no-such-tool", "ENOENT"],
    ["no-such-tool", "ENOENT"],
    [join(folder, "plain"), "EACCES"],
    [folder, "EACCES"],
  ] as const)
    await assert.rejects(runToEnd(command, [], { env: process.env }), { code }, command);
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

/** Runs `script` in a process that can be killed. @returns its pid, and those that it prints in its first line */
async function inAnotherProcess(t: TestContext, script: string): Promise<{ owner: number; pids: number[] }> {
  const program = `
    import { readFileSync } from "node:fs";
    import { setTimeout as delay } from "node:timers/promises";
    const { runToEnd, startProcess } = await import(${JSON.stringify(join(ROOT, "src/run/process.ts"))});
    ${script}`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { owner: child.pid!, pids: line.toString().trim().split(" ").map(Number) };
}

const ROOT = join(import.meta.dirname, "../..");

async function allGone(pids: readonly number[]): Promise<void> {
  assert.ok(pids.length > 0 && pids.every((pid) => pid > 1), `${pids}`);
  for (const signal = AbortSignal.timeout(2000); pids.some(isAlive); await delay(5)) signal.throwIfAborted();
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));
