import { type Aimed, aim } from "../aim/aim.ts";
import type { AimListener } from "../aim/lead-rounds.ts";
import type { AimSettings } from "../aim/settings.ts";
import { type Captured, captureStages } from "../evidence/capture/capture-stages.ts";
import { keepEvidence } from "../evidence/capture/keep-evidence.ts";
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
  /** Of a lost request: the ALB's lines and the target's, where they are kept. */
  logs: LogExcerpt | null;
  /** Files of k6's own dashboards in `out`. */
  dashboards: readonly string[];
}

export interface KeepSettings {
  /** The folder; null = nothing is kept, and no packets are captured. */
  out: string | null;
  /** Whether the packets of a lost request are kept too: they hold all that was sent. */
  packets: boolean;
}

/**
 * Aims, stops the stages, and keeps what that left: the parts' logs, also when the aim failed, k6's dashboards, the
 * packets of a lost request, the ALB's log.
 * @throws UsageError when something cannot be written, and what aim() throws
 */
export async function aimAndKeep(
  run: Run,
  stages: readonly Stage[],
  settings: AimSettings,
  listener: AimListener,
  { out, packets }: KeepSettings,
): Promise<AimedAndKept> {
  const capture = await captureStages(run, stages, out !== null);
  let dashboards: string[] = [];
  const aimed = await aim(run, stages, settings, listener).finally(async () => {
    await capture.stop();
    await Promise.all(stages.map((stage) => stage.stop()));
    if (out === null) return;
    await keepLogs(out, stages);
    if (settings.dashboard) dashboards = await keepDashboards(out, stages);
  });
  // Interrupted while the logs were written: no result, then.
  run.signal.throwIfAborted();
  const captured = await capture.read();
  if (out === null) return { aimed, captured, logs: null, dashboards };
  if (packets) await keepEvidence(out, captured);
  return { aimed, captured, logs: await keepAlbLogs(out, stages, settings.rttMs), dashboards };
}
