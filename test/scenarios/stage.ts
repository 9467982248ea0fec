import type { TestContext } from "node:test";
import type { Run } from "../../src/run/run.ts";
import { startStage } from "../../src/stage/native/start-stage.ts";
import type { Stage } from "../../src/stage/stage.ts";
import type { TargetEnvironment } from "../../src/stage/target-environment.ts";
import { folder, parts, targetApp } from "./k6.ts";

/** A target that closes idle connections after 1.2 s: Node >= 20.18 adds a second (nodejs/node#54863). */
export const UNFIXED: TargetEnvironment = { KEEP_ALIVE_TIMEOUT_MS: "200", KEEP_ALIVE_TIMEOUT_BUFFER_MS: "1000" };

/** A target that outlives the LB's 60 s. */
export const FIXED: TargetEnvironment = { KEEP_ALIVE_TIMEOUT_MS: "65000", HEADERS_TIMEOUT_MS: "66000" };

/** The real LB, network (2 ms round trip) and target; the end of the test stops them. */
export async function stageFor(
  t: TestContext,
  { name, target, nodes, relay = false }: { name: string; target: TargetEnvironment; nodes: number; relay?: boolean },
): Promise<Stage> {
  return startStage(quietRun(t), parts, {
    name,
    target: { bundle: targetApp, environment: target },
    lb: { idleTimeoutMs: 60_000, nodes },
    rttMs: 2,
    port: null,
    relay,
  });
}

/** A run that says nothing; the end of the test undoes what it began. */
export const quietRun = (t: TestContext): Run => ({
  signal: t.signal,
  progress: { line: () => {}, transient: () => {}, paint: (_, text) => text },
  folder,
  defer: (undo) => t.after(undo),
});

/** When the stage's target says it closes idle connections, ms. */
export function idleCloseOf({ logs }: Stage): number {
  const { will } = JSON.parse(logs.target[0]!) as { will: { idleCloseMs: number } };
  return will.idleCloseMs;
}
