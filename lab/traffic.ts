import type { Traffic } from "../scenarios/lib/arrivals.ts";
import { startK6 } from "../src/aim/start-k6.ts";
import { type EdgeLine, edgeLines } from "../src/evidence/edge-log.ts";
import type { Run } from "../src/run/run.ts";
import type { Stage } from "../src/stage/stage.ts";

/** Ordinary traffic of a given length; what is not said is organic.ts's own default. */
export interface TrafficPlan
  extends Pick<Traffic, "shape" | "meanGapMs">,
    Partial<Omit<Traffic, "shape" | "meanGapMs">> {
  /** The bundled scenario organic.ts. */
  bundle: string;
  users: number;
  durationS: number;
  /** Of each user; as many as fit where nothing is said. */
  requests?: number;
  /** The same seed gives the same gaps. */
  seed?: number;
}

/**
 * Sends it to the end in front of a stage, which is stopped then.
 * @param meanwhile told when k6 has begun: goes on until its signal is aborted, at the traffic's end
 * @returns the requests as the LB logged them: k6's transport repeats some lost ones unseen
 * @throws InconclusiveError when a part dies
 */
export async function sendTraffic(
  run: Run,
  stage: Stage,
  plan: TrafficPlan,
  meanwhile: (over: AbortSignal) => Promise<void> = async () => {},
): Promise<EdgeLine[]> {
  const k6 = await startK6({
    place: stage.k6,
    bundle: plan.bundle,
    environment: { TARGET_BASE_URL: stage.k6.lbUrl ?? stage.lbUrl, ...environmentOf(plan) },
    onLine() {},
  });
  run.defer(() => k6.process.stop());
  const over = new AbortController();
  const sent = k6.thresholdsHeld.finally(() => over.abort());
  await Promise.race([Promise.all([sent, meanwhile(over.signal)]), stage.died]);
  await stage.stop();
  return edgeLines(stage.logs.haproxy);
}

function environmentOf({ bundle: _, ...plan }: TrafficPlan): Record<string, string> {
  const { users, durationS, requests, seed, shape, meanGapMs, jitterMs, burst, dayMs } = plan;
  const given = {
    ...{ USERS: users, DURATION_S: durationS, REQUESTS: requests, SEED: seed, SHAPE: shape, MEAN_GAP_MS: meanGapMs },
    ...{ JITTER_MS: jitterMs, BURST: burst, DAY_MS: dayMs },
  };
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
