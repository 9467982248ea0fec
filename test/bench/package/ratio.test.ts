import assert from "node:assert/strict";
import { test } from "node:test";
import { medianRatio } from "../../../bench/package/ratio.ts";

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const ones = (n: number) => upTo(n).map(() => 1);

test("A ratio is that of its pairs, in the middle.", () => {
  assert.deepEqual(medianRatio([2, 30, 4], [1, 10, 1]), { median: 3, low: 2, high: 4 });
});

// The ranks of a table for the sign test (e.g. Conover, Practical Nonparametric Statistics, A3).
test("Its interval has the ranks that the sign test gives: 4th to 12th of 15, 6th to 15th of 20, all of 5.", () => {
  const ends = (n: number) => [medianRatio(upTo(n), ones(n)).low, medianRatio(upTo(n), ones(n)).high];
  assert.deepEqual(
    [ends(15), ends(20), ends(5)],
    [
      [4, 12],
      [6, 15],
      [1, 5],
    ],
  );
});
