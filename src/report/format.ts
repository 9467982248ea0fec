import { median } from "../../scenarios/lib/median.ts";

/** A measured time: "6.00 s", below a second "205.3 ms". */
export function measured(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** A time that somebody set: "60 s", "1.5 s", "500 ms". */
export function setting(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}

/** A share from 0 to 1 as the number of per cent, without the sign: "92.5", "0.037"; "100" only for all of them. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0 || value === 100) return `${value}`;
  return value < 1 ? value.toPrecision(2) : `${Math.min(Number(value.toFixed(1)), 99.9)}`;
}

/** A probe's closes, at least one, in ms: "closes them after 6.000 s, within 2.4 ms". */
export function closesLine(closesMs: readonly number[]): string {
  const sorted = [...closesMs].sort((a, b) => a - b);
  const spreadMs = (sorted.at(-1)! - sorted[0]!).toFixed(1);
  return `closes them after ${(median(sorted) / 1000).toFixed(3)} s, within ${spreadMs} ms`;
}
