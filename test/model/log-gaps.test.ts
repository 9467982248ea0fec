import assert from "node:assert/strict";
import { test } from "node:test";
import { createArrivals, seeded } from "../../scenarios/lib/arrivals.ts";
import { predictFromLog } from "../../src/model/log-gaps.ts";
import { predict } from "../../src/model/predict.ts";

test("A log of Poisson traffic predicts what its rate and shape do.", () => {
  const traffic = { shape: "poisson", jitterMs: 0, burst: 1, dayMs: 1 } as const;
  const next = createArrivals({ ...traffic, meanGapMs: 6000 }, seeded(3));
  const pool = { startMs: [] as number[], endMs: [] as number[] };
  let nowMs = 0;
  while (nowMs < 30 * 86_400_000) {
    nowMs += next(nowMs);
    pool.startMs.push(nowMs);
    nowMs += 1;
    pool.endMs.push(nowMs);
  }
  const situation = { idleCloseMs: 6000, rttMs: 1, answerMs: 1 };
  const fromLog = predictFromLog([pool], situation);
  const { perDay } = predict({ ...situation, ratePerS: 1 / 6.001, nodes: 1, targets: 1, traffic });
  assert.ok(Math.abs(fromLog.perDay.expected / perDay.expected - 1) < 0.03, `${fromLog.perDay.expected}`);
  assert.ok(fromLog.perDay.low <= perDay.expected && perDay.expected <= fromLog.perDay.high);
  assert.equal(fromLog.requests, pool.startMs.length);
});

test("Requests that overlap leave the pool no idle gap.", () => {
  const pool = { startMs: [0, 100, 6200], endMs: [6100, 200, 6300] };
  assert.equal(predictFromLog([pool], { idleCloseMs: 100, rttMs: 1 }).near.gaps, 1);
  assert.equal(predictFromLog([pool], { idleCloseMs: 6000, rttMs: 1 }).near.gaps, 0);
});
