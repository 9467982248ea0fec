import assert from "node:assert/strict";
import { needs } from "../../needs.ts";
import { endedCleanly } from "../../nothing-left.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { type RunningCommand, startCommand } from "../../start-command.ts";
import { type Change, mutantOf } from "./mutant.ts";
import { startApp } from "./target.ts";

const { test } = await needs("haproxy", "k6", "toxiproxy");

// Nobody hits by hand the few ms for which a FIN waits: here nobody is told of it, so that it waits for the deadline.
const FILE = "aim/close/breakpoint.ts";
const KEPT_FOR_A_MINUTE: Change[] = [
  { file: FILE, sound: "DEADLINE_MS = 50;", broken: "DEADLINE_MS = 60_000;" },
  { file: FILE, sound: "      tell(fate.unasked);\n", broken: '      process.stderr.write("kept back\\n");\n' },
];

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`A check that ${signal} ends while a FIN is kept back leaves nothing: exit 130.`, async (t) => {
    const root = await mutantOf(await scratchFolder(t), KEPT_FOR_A_MINUTE);
    const { url } = await startApp(t, 1000);
    const running = await startCommand(t, "check", [url], { root });
    await running.printed(/^kept back$/m);
    await endsSoon(running, signal);
  });
}

test("A check that SIGINT ends while it waits for the LB's last moment, a minute away, leaves nothing: exit 130.", async (t) => {
  const { url } = await startApp(t, 65_000);
  const running = await startCommand(t, "check", [url]);
  await running.printed(/^probing when the target closes/m);
  await endsSoon(running, "SIGINT");
});

async function endsSoon(running: RunningCommand, signal: NodeJS.Signals): Promise<void> {
  const beganMs = performance.now();
  process.kill(running.pid, signal);
  const { code, stderr, atMs } = await endedCleanly(running);
  assert.equal(code, 130, stderr);
  assert.ok(atMs - beganMs < SOON_MS, `it ended ${atMs - beganMs} ms after ${signal}`);
}

/** Its parts are given 5 s to end by themselves; nobody waits for a timer. */
const SOON_MS = 10_000;
