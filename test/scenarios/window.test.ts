import assert from "node:assert/strict";
import { test } from "node:test";
import { median } from "../../scenarios/lib/median.ts";
import { isInside, type Trial, type Window, windowFromCloses, windowFromTrials } from "../../scenarios/lib/window.ts";

const exchange = { throughLbMs: 4, directMs: 0.5, rttMs: 2 };

test("The predicted window lies behind the idle close, earlier by what an exchange takes outside the target.", () => {
  // 6000 - (4 - 0.5) = 5996.5: here the target closes, as the client reckons; the LB hears of it a round trip later.
  assert.deepEqual(windowFromCloses([6000], exchange), { fromMs: 5997, toMs: 5998 });
});

test("One probe connection that was closed late does not move the predicted window.", () => {
  assert.deepEqual(windowFromCloses([6000, 6180, 6000], exchange), windowFromCloses([6000], exchange));
});

test("Closes that came late on a busy machine do not count, even if almost half of them did.", () => {
  assert.deepEqual(
    windowFromCloses([6000, 6000.5, 6007, 6001, 6008, 6009, 6000.5, 6010, 6001], exchange),
    windowFromCloses([6000.5], exchange),
  );
});

test("The order of the closes does not matter, and of an even number the middle two count.", () => {
  assert.deepEqual(windowFromCloses([6003, 5990, 6001, 6100], exchange), windowFromCloses([6002], exchange));
});

test("The window is the middle half of the round trip, and never finer than k6 can aim.", () => {
  for (const [rttMs, widthMs] of [
    [8, 4],
    [2, 1],
    [0.1, 0.4],
    [0, 0.4],
  ] as const) {
    const window = windowFromCloses([6000], { ...exchange, rttMs });
    assert.ok(Math.abs(window.toMs - window.fromMs - widthMs) < 1e-6, `${rttMs} ms: ${JSON.stringify(window)}`);
  }
});

test("A window has both of its edges inside.", () => {
  const window = { fromMs: 1, toMs: 2 };
  assert.deepEqual(
    [0.999, 1, 1.5, 2, 2.001].map((gapMs) => isInside(gapMs, window)),
    [false, true, true, true, false],
  );
});

test("The median of an odd number of values is the middle one, of an even number the mean of the middle two.", () => {
  assert.equal(median([3]), 3);
  assert.equal(median([9, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 9]), 3);
});

/** What a target would do whose window, one round trip of 2 ms wide, begins at `edgeMs`. */
const trialAt = (gapMs: number, edgeMs: number): Trial => ({
  gapMs,
  outcome: gapMs < edgeMs ? "own" : gapMs > edgeMs + 2 ? "fresh" : "lost",
});

/** `count` gaps, evenly from `fromMs` to `toMs`. */
const gaps = (fromMs: number, toMs: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => fromMs + ((toMs - fromMs) * i) / (count - 1));

const middle = ({ fromMs, toMs }: Window): number => (fromMs + toMs) / 2;

test("Consistent trials give the window to a tenth of a millisecond.", () => {
  const trials = gaps(5990, 6004, 281).map((gapMs) => trialAt(gapMs, 5996));
  const window = windowFromTrials(trials, 2)!;
  assert.ok(Math.abs(middle(window) - 5997) < 0.1, JSON.stringify(window));
  assert.ok(Math.abs(window.toMs - window.fromMs - 1) < 1e-6);
});

test("Ten trials, as few as half a round has, give it to half a millisecond.", () => {
  const window = windowFromTrials(
    gaps(5993, 6001, 10).map((gapMs) => trialAt(gapMs, 5996.2)),
    2,
  )!;
  assert.ok(Math.abs(middle(window) - 5997.2) < 0.5, JSON.stringify(window));
});

test("A tenth of contradicting trials does not move the window by more than half a millisecond.", () => {
  // Every tenth outcome is another one's: a busy moment makes a request late, or a timer fires late.
  const wrong = { own: "fresh", lost: "own", fresh: "lost" } as const;
  const trials = gaps(5992, 6002, 60).map((gapMs, i) => {
    const trial = trialAt(gapMs, 5996);
    return i % 10 === 4 ? { gapMs, outcome: wrong[trial.outcome] } : trial;
  });
  const window = windowFromTrials(trials, 2)!;
  assert.ok(Math.abs(middle(window) - 5997) < 0.5, JSON.stringify(window));
});

test("A single lost request is in the middle of the window that it gives.", () => {
  const window = windowFromTrials([{ gapMs: 5997, outcome: "lost" }], 2)!;
  assert.ok(Math.abs(middle(window) - 5997) < 0.1, JSON.stringify(window));
});

test("Trials without a loss give no window: there may be none.", () => {
  assert.equal(windowFromTrials([], 2), null);
  assert.equal(windowFromTrials([{ gapMs: 5997, outcome: "own" }], 2), null);
  const clean = gaps(5990, 6000, 20).map((gapMs): Trial => ({ gapMs, outcome: gapMs < 5995 ? "own" : "fresh" }));
  assert.equal(windowFromTrials(clean, 2), null);
});
