import assert from "node:assert/strict";
import { test } from "node:test";
import type { AttemptReport } from "../../../scenarios/lib/close-protocol.ts";
import { attemptOf, type Known } from "../../../src/aim/close/attempt-of.ts";
import type { Fate } from "../../../src/aim/close/breakpoint.ts";

const report = (changes: Partial<AttemptReport>): AttemptReport => ({
  ...{ outcome: "own", status: 200, connection: "1", gapMs: 6000, requestId: "check-0-0" },
  ...changes,
});

const nothingSaid: Fate = {
  ...{ unasked: null, requestAtMs: 6001, heldMs: null, late: false, met: false, leftByLb: false, answered: false },
};

const known = (fate: Fate): Known => ({
  ...{ round: 0, user: 0, atMs: 6010, setGapMs: 6000, sweeps: false, fate, idleSinceMs: 0, arrivedMs: 6001 },
  ...{ expectedCloseMs: null, counterpartMet: null, lastReuseMs: 6000, usualStatus: 200 },
});

test("An answer whose connection our LB does not name is its own: an error, never an answer.", () => {
  const { outcome } = attemptOf(report({ outcome: "answered", connection: null, status: 404 }), known(nothingSaid));
  assert.equal(outcome, "error");
});

test("A 408 that the target had said unasked is a loss, whatever k6 took it for.", () => {
  const said: Fate = { ...nothingSaid, unasked: { kind: "bytes", atMs: 6000 }, met: true, heldMs: 2 };
  for (const outcome of ["own", "error"] as const) {
    assert.equal(attemptOf(report({ outcome, status: 408 }), known(said)).outcome, "lost");
  }
});
