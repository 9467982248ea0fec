import { quantile } from "../figures.ts";

export interface Ratio {
  median: number;
  /** Of its 95 % interval. */
  low: number;
  high: number;
}

/**
 * The median of the ratios of pairs that were measured one right after the other, so that what slowed one slowed the other;
 * with the interval that order statistics give it, whatever the distribution: it is left with at most 5 %.
 * @param values and `others`: equally many, 6 at least for 95 %; fewer give the whole range
 */
export function medianRatio(values: readonly number[], others: readonly number[]): Ratio {
  const ratios = values.map((value, i) => value / others[i]!).sort((a, b) => a - b);
  const outside = ranksOutside(ratios.length);
  return { median: quantile(ratios, 0.5), low: ratios[outside]!, high: ratios.at(-1 - outside)! };
}

/** How many of n values at each end lie outside of the median's 95 % interval: the largest k with P(X <= k) <= 2.5 %. */
function ranksOutside(n: number): number {
  let term = 0.5 ** n;
  let sum = 0;
  for (let k = 0; k < n; k++) {
    sum += term;
    if (sum > 0.025) return Math.max(0, k - 1);
    term *= (n - k) / (k + 1);
  }
  return 0;
}
