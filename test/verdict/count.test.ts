import assert from "node:assert/strict";
import { test } from "node:test";
import type { Attempt, Outcome } from "../../src/record/attempt.ts";
import { countAttempts, lossRate } from "../../src/verdict/count.ts";

function attempt(outcome: Outcome, inWindow: boolean, atMs = 6000): Attempt {
  const status = outcome === "lost" || outcome === "down" ? 502 : 200;
  const gap = { setGapMs: 5998, gapMs: 5998.2, inWindow };
  return { round: 1, user: 1, node: "n1", ...gap, outcome, status, atMs, requestId: "r-1", connection: "c-1" };
}

test("Each outcome is counted once, and all but the missed ones are attempts.", () => {
  const counts = countAttempts([
    attempt("lost", true, 6160),
    attempt("lost", true, 6158),
    attempt("lost", false, 12_300),
    attempt("own", true),
    attempt("own", false),
    attempt("fresh", false),
    attempt("answered", true),
    attempt("down", true),
    attempt("retried", false),
    attempt("error", true),
    attempt("missed", true),
    attempt("missed", false),
  ]);
  assert.deepEqual(counts, {
    attempts: 10,
    inWindow: 6,
    lost: 3,
    lostInWindow: 2,
    own: 2,
    fresh: 1,
    answered: 1,
    down: 1,
    retried: 1,
    missed: 2,
    errors: 1,
    firstLostMs: 6158,
  });
});

test("inWindow follows the gap that was set, never the outcome.", () => {
  const outcomes: Outcome[] = ["own", "lost", "fresh", "down", "retried", "error"];
  assert.equal(countAttempts(outcomes.map((outcome) => attempt(outcome, true))).inWindow, outcomes.length);
  assert.equal(countAttempts(outcomes.map((outcome) => attempt(outcome, false))).inWindow, 0);
});

test("No attempts give zeroes, no first loss and no rate.", () => {
  const counts = countAttempts([]);
  assert.equal(counts.attempts, 0);
  assert.equal(counts.firstLostMs, null);
  assert.equal(lossRate(counts), null);
});

test("The loss rate is that of the in-window attempts alone.", () => {
  const counts = countAttempts([attempt("lost", true), attempt("own", true), attempt("lost", false)]);
  assert.equal(lossRate(counts)?.estimate, 0.5);
});
