import type { Kind } from "./cause.ts";
import { placesOf } from "./cells.ts";
import type { Tally } from "./counts.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { shownName } from "./redact.ts";
import { MINUTE_MS } from "./traffic.ts";

type Series = NonNullable<Diagnosis["series"]>;
type Bucket = { requests: number; failed: Partial<Record<Kind, number>> };

/** The LB's failures over time, for a chart; null where no request was read. */
export function seriesOf({ firstMs, lastMs, cells, traffic }: Tally): Series | null {
  if (!Number.isFinite(firstMs)) return null;
  const stepMs = stepFor(lastMs - firstMs);
  const startMs = Math.floor(firstMs / stepMs) * stepMs;
  const length = Math.floor((lastMs - startMs) / stepMs) + 1;
  const buckets = Array.from({ length }, (_, i): Bucket => {
    const from = startMs + i * stepMs;
    return { requests: traffic.between(from, from + stepMs - MINUTE_MS), failed: {} };
  });
  const targets = new Map<string, number[]>();
  for (const { kind, target, minute, cell } of placesOf(cells)) {
    const { count } = cell;
    const at = Math.floor((minute * MINUTE_MS - startMs) / stepMs);
    const failed = buckets[at]!.failed;
    failed[kind] = (failed[kind] ?? 0) + count;
    const ofTarget = targets.get(target) ?? new Array<number>(length).fill(0);
    targets.set(target, ofTarget);
    ofTarget[at]! += count;
  }
  return {
    stepMs,
    buckets: buckets.map((bucket, i) => ({ at: new Date(startMs + i * stepMs).toISOString(), ...bucket })),
    targets: [...targets]
      .sort(([, a], [, b]) => total(b) - total(a))
      .slice(0, TARGETS)
      .map(([name, failed]) => ({ name: shownName(name), failed })),
  };
}

const BUCKETS = 200;
const TARGETS = 10;

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const STEPS_MS = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS, 7 * DAY_MS];

/** A log may hold a line of the wrong century: any span has a step. */
function stepFor(spanMs: number): number {
  const fits = (stepMs: number) => spanMs / stepMs < BUCKETS - 1;
  return STEPS_MS.find(fits) ?? DAY_MS * Math.ceil(spanMs / (BUCKETS - 2) / DAY_MS);
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
