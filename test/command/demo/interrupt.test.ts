// npm test: early, since it has many demos
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { it, type TestContext } from "node:test";
import { keepFiles } from "../../../src/run/out-folder.ts";
import { assertPortFree } from "../../../src/stage/ports.ts";
import { needs } from "../../needs.ts";
import { endedCleanly, portPair } from "../../nothing-left.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { type RunningCommand, startCommand } from "../../start-command.ts";

const { describe, test } = await needs("haproxy", "k6", "toxiproxy");

/** Short runs: two nodes and one round are too few for a verdict, and enough to test stopping. */
const short = ["--nodes", "2", "--rounds", "1"];

/** What shows that the demo is in this phase; the signal comes right then. */
const phases: [phase: string, args: string[], begun: (demo: RunningCommand) => Promise<void>][] = [
  [
    "the second idle wait, just after firing",
    ["--nodes", "2", "--aim", "clock"],
    (demo) => demo.printed(/^round 1 of 2: /m),
  ],
  ["the idle wait", short, (demo) => demo.printed(/^probing /m)],
  ["the measurement of the network", short, (demo) => demo.printed(/^before: /m)],
  ["the start of HAProxy", short, (demo) => demo.file("after/pool.sock")],
  ["the start of the parts", short, (demo) => demo.file("before")],
  ["set-up, when the target app is bundled", short, (demo) => demo.file("target-app.cjs")],
  ["set-up, before anything is bundled", short, (demo) => demo.file("")],
];

const signals = ["SIGINT", "SIGTERM"] as const;

// Side by side, the longest first, for most of their time is waiting; four, since each start takes a core for a second.
describe("A demo that is interrupted ends within 5 s with 130 and leaves nothing", { concurrency: 4 }, () => {
  for (const signal of signals) {
    it(`by ${signal} during the idle wait, with --out: the logs are kept, and no earlier result stays.`, async (t) => {
      const out = join(await scratchFolder(t), "out");
      keepFiles(out, { "result.json": "of an earlier run" });
      await interrupt(t, signal, [...short, "--out", out], { begun: (demo) => demo.printed(/^probing /m) });
      const kept = await readdir(out);
      assert.deepEqual(
        [...kept.filter((name) => !name.endsWith(".log")), kept.includes("before-haproxy.log")],
        [".alb502", true],
      );
    });
  }

  for (const [phase, args, begun] of phases) {
    for (const signal of signals) it(`by ${signal} during ${phase}.`, (t) => interrupt(t, signal, args, { begun }));
  }
});

async function interrupt(
  t: TestContext,
  signal: (typeof signals)[number],
  args: readonly string[],
  { begun }: { begun(demo: RunningCommand): Promise<void> },
): Promise<void> {
  const port = await portPair();
  const demo = await startCommand(t, "demo", [...args, "--port", String(port)]);
  await begun(demo);
  const sentMs = performance.now();
  process.kill(demo.pid, signal);
  await demo.printed(new RegExp(`^${signal}: stopping what was started$`, "m"));

  const { code, stdout, stderr, atMs } = await endedCleanly(demo);
  assert.equal(code, 130, stdout + stderr);
  assert.ok(atMs - sentMs < 5000, `${atMs - sentMs} ms`);
  assert.equal(stderr, "");
  for (const one of [port, port + 1]) await assertPortFree(one);
}

test("A demo whose npm was ended by SIGTERM stops what it started, though nobody told it.", async (t) => {
  // As npm does it: a shell between the two, which ends at once and passes nothing on.
  const demo = await startCommand(t, "demo", short, {
    env: { npm_lifecycle_event: "demo" },
    wrap: ["sh", "-c", '"$@"; exit', "sh"],
  });
  await demo.printed(/^probing /m);
  const begunMs = performance.now();
  process.kill(demo.pid, "SIGTERM");
  const { stdout, atMs } = await demo.ended; // its output ends with the last of its processes
  assert.match(stdout, /^npm ended: stopping what was started$/m);
  assert.ok(atMs - begunMs < 5000, `${atMs - begunMs} ms`);
  assert.deepEqual([await demo.living(), await demo.leftovers()], [[], []]);
});
