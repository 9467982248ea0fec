import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { EnvironmentError } from "../../src/run/exit.ts";
import { createProgress } from "../../src/run/progress.ts";
import { withRun } from "../../src/run/run.ts";
import { scratchFolder } from "../parts/scratch.ts";

const progress = createProgress(process.stderr);

describe("A run", () => {
  it("ends with its body's exit code, after all was undone, last one first.", async () => {
    const undone: string[] = [];
    const code = await withRun(progress, async ({ defer }) => {
      for (const name of ["first", "second"]) defer(() => void undone.push(name));
      return 1;
    });
    assert.deepEqual([code, undone], [1, ["second", "first"]]);
  });

  it("throws what its body threw, also one that throws at once, after all was undone.", async () => {
    let undone = false;
    const failing = withRun(progress, ({ defer }) => {
      defer(() => {
        undone = true;
      });
      throw new Error("on purpose");
    });
    await assert.rejects(failing, /on purpose/);
    assert.equal(undone, true);
  });

  it("throws what could not be undone, where it would have ended well.", async () => {
    const failing = withRun(progress, async ({ defer }) => {
      defer(() => Promise.reject(new EnvironmentError("a container cannot be removed")));
      return 0;
    });
    await assert.rejects(failing, { name: "EnvironmentError", message: "a container cannot be removed" });
  });
});

// Each in a process of its own, as a command is: signals and uncaught exceptions are a process's.
describe("A command", { concurrency: 4 }, () => {
  it("that is interrupted once waits for all to be undone: 130.", async (t) => {
    const command = await start(t, `defer(() => delay(700)); ${WAIT}`);
    await command.interrupt();
    await command.printed("SIGINT: stopping what was started");
    const { code, stderr, tookMs } = await command.ended();
    assert.deepEqual([code, stderr], [130, ""]);
    assert.ok(tookMs > 690, `${tookMs} ms`);
  });

  it("whose undoing hangs ends 10 s after a second Ctrl-C, and a line says what is left and what removes it.", async (t) => {
    const command = await start(t, `${HANGS} ${WAIT}`);
    await command.interrupt();
    await delay(500);
    await command.interrupt();
    await command.printed("SIGINT: still stopping, for 10 s at most");
    const { code, stderr, tookMs, left } = await command.ended();
    assert.equal(code, 130);
    assert.equal(stderr, "alb502: given up while stopping; left: a container. To remove it: docker rm x\n");
    // 10 s, and half a second for what was to be printed.
    assert.ok(tookMs > 9900 && tookMs < 12_000, `${tookMs} ms`);
    assert.deepEqual(left, [], "its folder");
  });

  it("takes two signals of one moment for one: npm passes on the Ctrl-C that the terminal has sent already.", async (t) => {
    const command = await start(t, `defer(() => delay(1500)); ${WAIT}`);
    await command.interrupt();
    await delay(50);
    await command.interrupt();
    const { code, stdout } = await command.ended();
    assert.equal(code, 130);
    assert.doesNotMatch(stdout, /still stopping/);
  });

  const failures: [what: string, how: string][] = [
    ["an exception in a callback", `setTimeout(() => { throw new Error("on purpose"); }, 10);`],
    ["a rejection that nobody awaits", `Promise.reject(new Error("on purpose"));`],
  ];
  for (const [what, how] of failures) {
    it(`whose code fails by ${what} undoes all and ends with 2, and the stack is printed.`, async (t) => {
      const undo = `defer(async () => { await delay(300); console.log("undone"); });`;
      const { code, stdout, stderr, left } = await (await start(t, `${undo} ${how} ${WAIT}`)).ended();
      assert.equal(code, 2);
      assert.match(stdout, /^undone$/m);
      assert.match(stderr, /Error: on purpose\n +at /);
      assert.deepEqual(left, []);
    });
  }
});

const WAIT = "await delay(60_000, null, { signal });";
const HANGS = `defer(() => new Promise(() => setInterval(() => {}, 1000)), () => [{ what: "a container", command: "docker rm x" }]);`;

/** A command as scripts/run.mjs runs it, whose run has `body`. */
async function start(t: TestContext, body: string) {
  const tmp = await scratchFolder(t);
  const of = (path: string) => JSON.stringify(join(import.meta.dirname, "../../src/run", path));
  const program = `
    import { setTimeout as delay } from "node:timers/promises";
    const { catchFailures } = await import(${of("failure.ts")});
    const { createProgress } = await import(${of("progress.ts")});
    const { withRun } = await import(${of("run.ts")});
    const report = (error) => { console.error(error); process.exitCode = 2; };
    catchFailures(report);
    await withRun(createProgress(process.stdout), async ({ defer, signal }) => {
      console.log("begun");
      ${body}
    }).then((code) => { process.exitCode = code; }, report);`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
    cwd: join(import.meta.dirname, "../.."),
    env: { ...process.env, TMPDIR: tmp, TSX_DISABLE_CACHE: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.after(() => child.kill("SIGKILL"));
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      output[stream] += text;
    });
  }
  const closed = once(child, "close");
  const printed = async (line: string) => {
    for (const signal = AbortSignal.timeout(10_000); !output.stdout.includes(`${line}\n`); await delay(5))
      signal.throwIfAborted();
  };
  let askedMs = performance.now();
  return {
    printed,
    async interrupt() {
      await printed("begun");
      askedMs = performance.now();
      child.kill("SIGINT");
    },
    async ended() {
      const [code] = await closed;
      return { code, ...output, tookMs: performance.now() - askedMs, left: await readdir(tmp) };
    },
  };
}
