/**
 * The value that a quarter of `values` do not exceed. Other work on the machine makes a delay longer, never shorter, and
 * can do so to most of them in a row; what was set shows in the quickest ones.
 */
export function lowerQuartile(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 4)]!;
}
