import type { Aimed } from "../aim/volley.ts";
import { type Captured, captureStages } from "../evidence/capture/capture-stages.ts";
import { keepEvidence } from "../evidence/capture/keep-evidence.ts";
import { hideGiven } from "../evidence/hide-given.ts";
import { readStageLog, type StageLog } from "../evidence/stage-log.ts";
import type { Header } from "../record/request.ts";
import { keepAlbLogs } from "../report/keep-alb-logs.ts";
import { keepDashboards } from "../report/keep-dashboards.ts";
import { keepLogs } from "../report/keep-logs.ts";
import type { LogExcerpt } from "../report/log-excerpt.ts";
import type { Run } from "../run/run.ts";
import type { Stage } from "../stage/stage.ts";

/** What was aimed, and what it left. */
export interface AimedAndKept {
  aimed: Aimed;
  captured: Captured;
  /** What the stages' logs tell, in the stages' order; nothing for an LB that was not started here. */
  stageLogs: readonly StageLog[];
  /** Of a lost request: the ALB's lines and the target's, where they are kept. */
  logs: LogExcerpt | null;
  /** Files of k6's own dashboards in `out`. */
  k6Dashboards: readonly string[];
}

export interface KeepSettings {
  /** The folder; null = nothing is kept, and no packets are captured. */
  out: string | null;
  /** Whether k6 leaves its web dashboard. */
  dashboard: boolean;
  /** As measured. */
  rttMs: number;
  /** The headers that the user gave: their values are kept nowhere. */
  given: readonly Header[];
}

/**
 * Fires, stops the stages, and keeps what they left: the parts' logs (even after a failure), k6's dashboards, the packets
 * of a lost request, the ALB's log.
 * @throws as keepFiles() when something cannot be written, and what `fire` throws
 */
export async function aimAndKeep(
  run: Run,
  stages: readonly Stage[],
  fire: () => Promise<Aimed>,
  { out, dashboard, rttMs, given }: KeepSettings,
): Promise<AimedAndKept> {
  const capture = await captureStages(run, stages, out !== null);
  let k6Dashboards: string[] = [];
  const aimed = await fire().finally(async () => {
    await capture.stop();
    await Promise.all(stages.map((stage) => stage.stop()));
    for (const { logs } of stages) hideGiven(logs.haproxy, given);
    if (out === null) return;
    keepLogs(out, stages);
    if (dashboard) k6Dashboards = keepDashboards(out, stages);
  });
  // Interrupted while the logs were written: there is no result.
  run.signal.throwIfAborted();
  const captured = await capture.read();
  const stageLogs = stages.map((stage) => readStageLog(stage, rttMs)).filter((log) => log !== null);
  if (out === null) return { aimed, captured, stageLogs, logs: null, k6Dashboards };
  await keepEvidence(out, captured);
  return { aimed, captured, stageLogs, logs: await keepAlbLogs(out, stageLogs), k6Dashboards };
}
