import assert from "node:assert/strict";
import { test } from "node:test";
import { clopperPearson } from "../../src/verdict/interval.ts";

const close = (actual: number, expected: number, relative = 1e-9) =>
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual} is not ${expected}`);

test("The interval agrees to nine digits with tails summed in exact arithmetic.", () => {
  // From Python: integer binomials, 60-digit decimals, bisection.
  const reference: [k: number, n: number, low: number, high: number][] = [
    [37, 40, 0.796135251267, 0.984257820149],
    [1, 10, 0.002528578544, 0.445016117028],
    [5, 10, 0.187086028447, 0.812913971553],
    [13, 40, 0.185728966763, 0.491294875478],
    [2, 3, 0.09429932405, 0.99159624134],
    [17, 1000, 0.009933512593, 0.027079496865],
  ];
  for (const [k, n, low, high] of reference) {
    const rate = clopperPearson(k, n);
    assert.equal(rate.estimate, k / n);
    close(rate.low, low);
    close(rate.high, high);
  }
});

test("None and all have their closed forms, with nothing below 0 % and nothing above 100 %.", () => {
  const none = clopperPearson(0, 10_000);
  assert.deepEqual([none.estimate, none.low], [0, 0]);
  close(none.high, 1 - 0.025 ** (1 / 10_000));
  assert.equal(none.high.toFixed(6), "0.000369");
  const all = clopperPearson(10_000, 10_000);
  assert.deepEqual([all.estimate, all.high], [1, 1]);
  close(all.low, 0.025 ** (1 / 10_000));
  close(clopperPearson(0, 1).high, 0.975);
});

test("The interval is the same seen from the requests that were not lost.", () => {
  for (const [k, n] of [
    [0, 7],
    [1, 40],
    [20, 40],
    [39, 40],
    [3, 1000],
  ] as const) {
    const lost = clopperPearson(k, n);
    const kept = clopperPearson(n - k, n);
    close(lost.low, 1 - kept.high, 1e-9);
    close(lost.high, 1 - kept.low, 1e-9);
  }
});

test("A hundred thousand trials neither overflow nor lose the rate between the bounds.", () => {
  const n = 100_000;
  for (const k of [1, 2, 500, n / 2, n - 1]) {
    const { low, estimate, high } = clopperPearson(k, n);
    assert.ok(0 < low && low < estimate && estimate < high && high < 1, `${k}: ${low} ${estimate} ${high}`);
  }
  // At this size the normal approximation holds: 1.96 standard errors, 0.0031, to each side of one half.
  close(clopperPearson(n / 2, n).high - 0.5, 1.96 * Math.sqrt(0.25 / n), 0.01);
});

test("Impossible counts are refused.", () => {
  for (const [k, n] of [
    [0, 0],
    [-1, 5],
    [6, 5],
    [1.5, 5],
    [1, Number.NaN],
  ] as const) {
    assert.throws(() => clopperPearson(k, n), RangeError);
  }
});
