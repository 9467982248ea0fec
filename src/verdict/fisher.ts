/**
 * Two-sided p-value of Fisher's exact test for the table
 *
 *     a b     lost before, not lost before
 *     c d     lost after,  not lost after
 *
 * the share of all tables with the same margins that are at most as likely as this one, weighted by their probability.
 * 1 for an empty table. Counts are whole numbers; 10,000 and more are fine.
 * @throws RangeError for a negative or fractional count.
 */
export function fisherExact(a: number, b: number, c: number, d: number): number {
  const cells = [a, b, c, d];
  if (!cells.every((cell) => Number.isInteger(cell) && cell >= 0)) {
    throw new RangeError(`no Fisher test of (${cells.join(", ")}): all four must be whole numbers from 0 up`);
  }
  const { logWeights, first } = logWeightsOfAllTables(a + b, c + d, a + c);
  const heaviest = logWeights.reduce((most, weight) => Math.max(most, weight));
  const observed = logWeights[a - first]!;
  let all = 0;
  let noLikelier = 0;
  for (const logWeight of logWeights) {
    const weight = Math.exp(logWeight - heaviest); // relative to the likeliest table: nothing overflows
    all += weight;
    if (logWeight <= observed + TIE) noLikelier += weight;
  }
  return noLikelier / all;
}

/** Tables of equal probability must count as equal in spite of rounding; R's fisher.test allows the same 1e-7. */
const TIE = 1e-7;

/** ln of C(row1, x) * C(row2, column1 - x), up to a constant, for each possible first cell x = first, first + 1, ... */
function logWeightsOfAllTables(row1: number, row2: number, column1: number) {
  const first = Math.max(0, column1 - row2);
  const last = Math.min(row1, column1);
  const logWeights = [0];
  for (let x = first; x < last; x++) {
    const ratio = ((row1 - x) / (x + 1)) * ((column1 - x) / (row2 - column1 + x + 1));
    logWeights.push(logWeights.at(-1)! + Math.log(ratio));
  }
  return { logWeights, first };
}
