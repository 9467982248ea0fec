import type { Attempt } from "../record/attempt.ts";
import type { Evidence } from "../record/evidence.ts";
import type { Stage } from "../stage/stage.ts";
import type { Captured } from "./capture/capture-stages.ts";
import { edgeLines } from "./edge-log.ts";
import { explain } from "./explain.ts";
import { guardLines } from "./guard-log.ts";
import { idsSeenByApp } from "./target-log.ts";

/** The evidence of one stage's traffic, from its logs and the capture; null where nothing of the LB was started here. */
export function evidenceOf(
  { logs, ours }: Pick<Stage, "logs" | "ours">,
  attempts: readonly Attempt[],
  capture: Captured,
  rttMs: number,
): Evidence | null {
  if (!ours.includes("haproxy")) return null;
  return explain({
    attempts,
    edge: edgeLines(logs.haproxy),
    guard: guardLines(logs.haproxy),
    app: ours.includes("target") ? idsSeenByApp(logs.target) : null,
    capture,
    rttMs,
  });
}
