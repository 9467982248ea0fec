import type { Declared } from "../../advice/declared-framework.ts";
import { withApp } from "../../app/with-app.ts";
import { probeTarget, type TargetProbe } from "../../probe/probe-target.ts";
import type { Run } from "../../run/run.ts";
import { appOf, declaredBy } from "../started-app.ts";
import { narrate } from "./narrate.ts";
import type { ProbeOptions } from "./options.ts";

/**
 * Round trip between LB and target, ms: 0.3-2 in AWS. The path from here to the target does not count: the last byte
 * of an answer and the close that follows it are delayed equally.
 */
export const LB_RTT_MS = 2;

/** Everything that a probe saw. */
export interface ProbeRun extends TargetProbe {
  /** What the project of the app that --start started says that it runs on. */
  declared: Declared | null;
}

/** @throws UsageError for what the user can fix */
export async function runProbe(run: Run, options: ProbeOptions, begin: () => void): Promise<ProbeRun> {
  const { start, url, request, out } = options;
  return withApp(run, appOf(start, { url, request, out }), () => probeApp(run, options, begin));
}

async function probeApp(run: Run, options: ProbeOptions, begin: () => void): Promise<ProbeRun> {
  const declared = await declaredBy(run.progress, options);
  const { url, request, lbIdleMs, maxWaitMs, connections } = options;
  const wait = maxWaitMs === null ? {} : { maxWaitMs };
  const narrator = narrate(run, options);
  const probed = await probeTarget(
    { url, request, lbIdleMs, rttMs: LB_RTT_MS, connections, signal: run.signal, ...wait },
    {
      ...narrator,
      met(first, software, tookMs) {
        begin();
        narrator.met(first, software, tookMs);
      },
    },
  );
  return { ...probed, declared };
}
