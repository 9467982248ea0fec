import { median } from "../../scenarios/lib/median.ts";

/** A probe's closes, at least one, in ms: "closes them after 6.000 s, within 2.4 ms". */
export function closesLine(closesMs: readonly number[]): string {
  const sorted = [...closesMs].sort((a, b) => a - b);
  const spreadMs = (sorted.at(-1)! - sorted[0]!).toFixed(1);
  return `closes them after ${(median(sorted) / 1000).toFixed(3)} s, within ${spreadMs} ms`;
}
