import assert from "node:assert/strict";
import { test } from "node:test";
import { quantile, rateText, ratioOfRates, spreadOf } from "../../bench/figures.ts";
import { clopperPearson } from "../../src/verdict/interval.ts";

test("A spread is the smallest, middle and largest of unsorted values.", () => {
  assert.deepEqual(spreadOf([9, 1, 5]), { min: 1, median: 5, max: 9 });
});

test("A quantile is a value that was measured.", () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
  assert.equal(quantile(hundred, 0.5), 50);
  assert.equal(quantile(hundred, 0.99), 99);
  assert.equal(quantile([7], 0.99), 7);
});

test("0 of 0 has no rate.", () => {
  assert.equal(rateText(0, 0), "0 of 0");
  assert.equal(rateText(27, 27), "27 of 27: 100 % (87.2-100 %)");
});

test("Where the other rate is 0, only how many times at least is known.", () => {
  const ratio = ratioOfRates(clopperPearson(27, 27), clopperPearson(0, 400));
  assert.equal(ratio.estimate, null);
  assert.equal(ratio.high, null);
  // The closed forms of both bounds: 0.025^(1/n) for all of n, 1 - 0.025^(1/n) for none of n.
  assert.ok(Math.abs(ratio.low - 0.025 ** (1 / 27) / (1 - 0.025 ** (1 / 400))) < 1e-6, `${ratio.low}`);
});

test("The ratio of two rates lies between its bounds.", () => {
  const { estimate, low, high } = ratioOfRates(clopperPearson(30, 40), clopperPearson(10, 400));
  assert.equal(estimate, 30);
  assert.ok(low < 30 && high !== null && high > 30);
});
