/** A proportion with its 95 % confidence interval; all three are shares from 0 to 1. */
export interface Rate {
  estimate: number;
  low: number;
  high: number;
}

/**
 * The exact (Clopper-Pearson) 95 % interval for `k` events in `n` trials.
 * Exact because the counts that matter here, 0 of n and n of n, are where the normal approximation collapses to a point.
 * @throws RangeError unless 0 <= k <= n are integers and n > 0: no trials, no rate.
 */
export function clopperPearson(k: number, n: number): Rate {
  if (!Number.isInteger(k) || !Number.isInteger(n) || n < 1 || k < 0 || k > n) {
    throw new RangeError(`no interval for ${k} of ${n}: both must be whole numbers, 0 <= k <= n, n > 0`);
  }
  return { estimate: k / n, low: lowerBound(k, n), high: 1 - lowerBound(n - k, n) };
}

/** The probability that a two-sided 95 % interval leaves out at each end. */
const TAIL = 0.025;

/** The p at which `k` or more of `n` has probability TAIL: bisection on [0, k/n], where that tail rises from 0 past TAIL. */
function lowerBound(k: number, n: number): number {
  if (k === 0) return 0;
  if (k === n) return TAIL ** (1 / n);
  const logWays = logChoose(n, k);
  let low = 0;
  let high = k / n;
  while (true) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle; // the two are neighbouring doubles
    if (tailFrom(k, n, middle, logWays) < TAIL) low = middle;
    else high = middle;
  }
}

/** P(X >= k) for X ~ Binomial(n, p), p <= k/n: from there on the terms only fall, so the sum soon stops. */
function tailFrom(k: number, n: number, p: number, logWays: number): number {
  const odds = p / (1 - p);
  let term = Math.exp(logWays + k * Math.log(p) + (n - k) * Math.log1p(-p));
  let sum = term;
  for (let i = k; i < n && term > sum * Number.EPSILON; i++) {
    term *= ((n - i) / (i + 1)) * odds;
    sum += term;
  }
  return sum;
}

function logChoose(n: number, k: number): number {
  let log = 0;
  for (let i = 1; i <= Math.min(k, n - k); i++) log += Math.log((n + 1 - i) / i);
  return log;
}
