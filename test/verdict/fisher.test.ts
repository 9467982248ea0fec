import assert from "node:assert/strict";
import { test } from "node:test";
import { fisherExact } from "../../src/verdict/fisher.ts";

const close = (actual: number, expected: number, relative = 1e-9) =>
  assert.ok(Math.abs(actual - expected) <= relative * expected, `${actual} is not ${expected}`);

test("The p-value agrees with exact rational arithmetic.", () => {
  // From Python: sums of integer binomials as fractions. The first is Fisher's tea-tasting lady.
  const reference: [table: [number, number, number, number], p: number][] = [
    [[3, 1, 1, 3], 0.4857142857142857],
    [[12, 988, 0, 1000], 0.00047234069746359466],
    [[37, 3, 0, 40], 2.2958460451914353e-19],
    [[7, 0, 0, 7], 0.0005827505827505828],
    [[1, 9, 11, 3], 0.0027594561852200836],
    [[5100, 4900, 5000, 5000], 0.16146929150845807],
  ];
  for (const [table, p] of reference) close(fisherExact(...table), p);
});

test("Exchanging before with after, lost with not lost, or rows with columns changes nothing.", () => {
  for (const [a, b, c, d] of [
    [3, 1, 1, 3],
    [12, 988, 0, 1000],
    [1, 9, 11, 3],
    [8, 2, 5, 40],
  ] as const) {
    const p = fisherExact(a, b, c, d);
    close(fisherExact(c, d, a, b), p);
    close(fisherExact(b, a, d, c), p);
    close(fisherExact(a, c, b, d), p);
  }
});

test("The likeliest table has p = 1, the sum over all tables.", () => {
  const likeliest: [number, number, number, number][] = [
    [2, 2, 2, 2],
    [10, 30, 10, 30],
    [5000, 5000, 5000, 5000],
    [0, 40, 0, 40],
    [0, 0, 0, 0],
  ];
  for (const table of likeliest) assert.equal(fisherExact(...table), 1);
});

test("One step away from the likeliest table, p is 1 less the likeliest table's own probability.", () => {
  // Margins 4, 4, 4: 1, 16, 36, 16, 1 of 70 tables. So 1 - 36/70 = 34/70, and one step further 2/70.
  close(fisherExact(3, 1, 1, 3), 34 / 70);
  close(fisherExact(4, 0, 0, 4), 2 / 70);
});

test("Ten thousand in a cell neither overflow nor give NaN.", () => {
  assert.equal(fisherExact(10_000, 0, 0, 10_000), 0); // 10^-6018, below any double
  const p = fisherExact(10_000, 9_900, 9_900, 10_000);
  assert.ok(p > 0.3 && p < 0.34, `${p}`); // z = 1.0: about 0.32
});

test("Impossible counts are refused.", () => {
  assert.throws(() => fisherExact(-1, 2, 3, 4), RangeError);
  assert.throws(() => fisherExact(1, 2, 3.5, 4), RangeError);
});
