/**
 * The counts between which 95 % of the outcomes of a Poisson process lie, each tail at most 2.5 %.
 * @param mean of the process, 0 or more
 */
export function poissonInterval(mean: number): { low: number; high: number } {
  if (mean > NORMAL_FROM) {
    const reach = 1.96 * Math.sqrt(mean);
    return { low: Math.floor(mean - reach), high: Math.ceil(mean + reach) };
  }
  let term = Math.exp(-mean);
  let below = 0;
  let low: number | null = null;
  for (let count = 0; ; count++) {
    const upTo = below + term;
    if (low === null && upTo > TAIL) low = count;
    if (upTo >= 1 - TAIL) return { low: low ?? count, high: count };
    below = upTo;
    term *= mean / (count + 1);
  }
}

/** From here on the normal one is as good, and e^-mean would underflow later. */
const NORMAL_FROM = 500;
const TAIL = 0.025;

/**
 * The 95 % interval of a Poisson mean of which `count` was seen: Garwood's exact one, by bisection; from a count of 1000
 * on as Wilson and Hilferty approximate its chi-square quantiles, within 0.001 of it there, and closer beyond.
 */
export function meanInterval(count: number): { low: number; high: number } {
  if (count >= CUBE_FROM) return { low: cubed(count, -Z), high: cubed(count + 1, Z) };
  const low = count === 0 ? 0 : solve((mean) => 1 - cumulative(count - 1, mean) - TAIL, 0, count);
  const high = solve((mean) => TAIL - cumulative(count, mean), count, count + 10 * Math.sqrt(count + 1) + 10);
  return { low, high };
}

/** Its sums take 0.1 s by then, and minutes for a million. */
const CUBE_FROM = 1000;
/** Of the normal distribution, beyond which TAIL lies. */
const Z = 1.959964;

/** Half of a chi-square quantile of 2k degrees of freedom (Wilson and Hilferty 1931, PNAS 17:684). */
const cubed = (k: number, z: number): number => k * (1 - 1 / (9 * k) + z / (3 * Math.sqrt(k))) ** 3;

/** P(X <= count). */
function cumulative(count: number, mean: number): number {
  let log = -mean;
  let sum = Math.exp(log);
  for (let i = 1; i <= count; i++) {
    log += Math.log(mean / i);
    sum += Math.exp(log);
  }
  return Math.min(1, sum);
}

/** Where a rising function passes 0. */
function solve(rising: (x: number) => number, from: number, to: number): number {
  let low = from;
  let high = to;
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
