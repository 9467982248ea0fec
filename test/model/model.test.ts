import assert from "node:assert/strict";
import { test } from "node:test";
import { createArrivals, dayCurve, SHAPES, seeded, type Traffic } from "../../scenarios/lib/arrivals.ts";
import { gapShare } from "../../src/model/gap-share.ts";
import { meanInterval, poissonInterval } from "../../src/model/poisson.ts";
import { predict, windowOf } from "../../src/model/predict.ts";

const TRAFFIC: Traffic = { shape: "poisson", meanGapMs: 500, jitterMs: 100, burst: 3, dayMs: 100_000 };

test("The model's share of gaps is what the generator of each shape makes.", () => {
  for (const shape of SHAPES) {
    const traffic = { ...TRAFFIC, shape, meanGapMs: shape === "bursts" ? 200 : 500 };
    const { hits, requests } = drawn(traffic, 480, 620, 12);
    const expected = gapShare(traffic, 480, 620, 12);
    const sigma = Math.sqrt((expected * (1 - expected)) / requests);
    // Five sigma: of four shapes with a fixed seed none may be outside by chance.
    assert.ok(Math.abs(hits / requests - expected) < 5 * sigma + 1e-3, `${shape}: ${hits / requests}, not ${expected}`);
  }
});

test("Poisson traffic on one connection loses at most w / (e T), at a rate of 1 / T; most an hour at 2 / T.", () => {
  const at = (perS: number) => predict({ ...SITUATION, ratePerS: perS });
  const best = at(1 / 6);
  assert.ok(Math.abs(best.lossPerRequest / best.boundPerRequest - 1) < 0.01);
  for (const perS of [0.05, 0.1, 0.3, 1]) assert.ok(at(perS).lossPerRequest < best.lossPerRequest);
  const perHour = (perS: number) => at(perS).perDay.expected / 24;
  for (const perS of [0.1, 0.2, 0.5, 1]) assert.ok(perHour(perS) < perHour(2 / 6));
  assert.equal(best.worst.perRequestPerS, 1000 / 6000);
});

test("A poller whose period is the idle close has no such bound.", () => {
  const poller = { shape: "period", jitterMs: 0, burst: 1, dayMs: 1 } as const;
  const { lossPerRequest } = predict({ ...SITUATION, ratePerS: 1 / 6, traffic: poller });
  assert.equal(lossPerRequest, 1);
});

test("Half of the traffic on each of two nodes is the loss of one node at half the rate.", () => {
  const two = predict({ ...SITUATION, nodes: 2, ratePerS: 0.5 });
  const one = predict({ ...SITUATION, nodes: 1, ratePerS: 0.25 });
  assert.equal(two.lossPerRequest, one.lossPerRequest);
  assert.equal(two.perDay.expected, 2 * one.perDay.expected);
});

test("The window is a round trip and the LB's reaction wide, and ends after the close.", () => {
  assert.deepEqual(windowOf(6000, 2), { fromMs: 5998, toMs: 6000.3 });
  assert.equal(windowOf(1, 20).fromMs, 0);
});

test("Intervals of counts are the tables' own.", () => {
  assert.deepEqual(poissonInterval(10), { low: 4, high: 17 });
  assert.deepEqual(poissonInterval(0), { low: 0, high: 0 });
  const { low, high } = meanInterval(10);
  assert.ok(Math.abs(low - 4.795) < 0.001 && Math.abs(high - 18.39) < 0.01, `${low} ${high}`);
  assert.ok(Math.abs(meanInterval(0).high - 3.689) < 0.001);
});

test("The interval of a large count is the exact one to a thousandth, and takes no time.", () => {
  // By bisection, as below 1000.
  const exact: [count: number, low: number, high: number][] = [
    [1000, 938.97302, 1063.95214],
    [10_000, 9804.95247, 10_197.95162],
  ];
  for (const [count, low, high] of exact) {
    const interval = meanInterval(count);
    assert.ok(Math.abs(interval.low - low) < 0.001 && Math.abs(interval.high - high) < 0.001, JSON.stringify(interval));
  }
  // 1.96 standard deviations to each side, less or more about one.
  const { low, high } = meanInterval(1_000_000);
  assert.ok(Math.abs(low - 998_040) < 3 && Math.abs(high - 1_001_960) < 3, `${low} ${high}`);
});

test("The day's curve has the mean rate over the day.", () => {
  const rates = Array.from({ length: 1000 }, (_, i) => dayCurve(i / 1000));
  assert.ok(Math.abs(rates.reduce((sum, rate) => sum + rate, 0) / 1000 - 1) < 1e-9);
});

const SITUATION = {
  ...{ idleCloseMs: 6000, rttMs: 1, answerMs: 1, nodes: 1, targets: 1 },
  traffic: { shape: "poisson", jitterMs: 0, burst: 1, dayMs: 1 },
} as const;

/** How many of 100,000 gaps lie there, where each request is answered after `answerMs`. */
function drawn(traffic: Traffic, fromMs: number, toMs: number, answerMs: number) {
  const next = createArrivals(traffic, seeded(7));
  let nowMs = 0;
  let hits = 0;
  const requests = 100_000;
  for (let n = 0; n < requests; n++) {
    const gapMs = next(nowMs);
    nowMs += gapMs + answerMs;
    if (gapMs >= fromMs && gapMs < toMs) hits += 1;
  }
  return { hits, requests };
}
