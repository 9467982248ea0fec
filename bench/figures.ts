import { percent } from "../src/record/units.ts";
import { clopperPearson, type Rate } from "../src/verdict/interval.ts";

export interface Spread {
  min: number;
  median: number;
  max: number;
}

/** @param values at least one */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { min: sorted[0]!, median: quantile(sorted, 0.5), max: sorted.at(-1)! };
}

/** The value that `share` of them do not exceed, without interpolation: one that was measured. @param sorted ascending */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]!;
}

/** "27 of 27: 100 % (87.2-100 %)", the 95 % interval in brackets; "0 of 0" has no rate. */
export function rateText(k: number, n: number): string {
  if (n === 0) return "0 of 0";
  const { estimate, low, high } = clopperPearson(k, n);
  return `${k} of ${n}: ${percent(estimate)} % (${percent(low)}-${percent(high)} %)`;
}

/**
 * How many times as high `a` is as `b`. The interval is the ends of both 95 % intervals divided crosswise, wider
 * than 95 % needs. `estimate` and `high` are null where b has no events: then only the lower bound is known.
 */
export function ratioOfRates(a: Rate, b: Rate): { estimate: number | null; low: number; high: number | null } {
  return {
    estimate: b.estimate === 0 ? null : a.estimate / b.estimate,
    low: a.low / b.high,
    high: b.low === 0 ? null : a.high / b.low,
  };
}
