import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { type RunningCommand, startCommand } from "../start-command.ts";

/**
 * Kills a command as `kill -9` does, and waits until it is gone.
 * @returns how long what it had started lived on, ms
 * @throws when a process of it still runs 5 s later
 */
export async function kill(demo: RunningCommand): Promise<number> {
  process.kill(demo.pid, "SIGKILL");
  await demo.exited;
  const killedMs = performance.now();
  for (let left = await demo.living(); left.length > 0; left = await demo.living()) {
    assert.ok(performance.now() - killedMs < 5000, `still running: ${left.map(({ command }) => command).join(" | ")}`);
    await delay(10);
  }
  return performance.now() - killedMs;
}

/**
 * For native runs: no engine, so that they do not remove what runs of other tests have left in Docker, which is for all
 * runs of a machine to remove.
 */
export const NO_DOCKER = { DOCKER_HOST: "unix:///no-engine" };

/** `npm run doctor` with the TMPDIR `tmp`. @returns what it says that it has removed, and null when it has not */
export async function doctor(
  t: TestContext,
  tmp: string,
  more: Readonly<Record<string, string>> = {},
): Promise<string | null> {
  const env = { ...more, TMPDIR: tmp };
  const { code, stdout, stderr } = await (await startCommand(t, "doctor", ["--json"], { env })).ended;
  assert.deepEqual([code, stderr], [0, ""], stdout);
  return (JSON.parse(stdout) as { removed: string | null }).removed;
}
