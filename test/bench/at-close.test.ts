import assert from "node:assert/strict";
import { test } from "node:test";
import { atCloseCells, atCloseOf, missedSentences, pooled } from "../../bench/at-close.ts";
import type { Attempt, DoorSight } from "../../src/record/attempt.ts";

test("Of the requests that aimed at a close those that met it are counted, the lost ones among them, and why the others did not.", () => {
  const seen = atCloseOf([
    attempt("lost", hit(3.2)),
    attempt("lost", hit(4.1)),
    attempt("own", hit(2.9)),
    attempt("fresh", { ...hit(50), end: "missed", why: "too late" }),
    attempt("own", { ...hit(0), end: "never", said: null, heldMs: null }),
  ]);
  assert.deepEqual(seen, {
    aimed: 5,
    met: 3,
    lost: 2,
    missed: { "too late": 1, "the target had not closed its connection": 1 },
    heldMs: [3.2, 4.1, 2.9, 50],
  });
});

test("What was sent by the clock counts as nothing that aimed at a close, lost or not.", () => {
  const byClock = { ...attempt("lost", { ...hit(0), end: "watched", heldMs: null }), aim: "clock" } as const;
  const { door: _, aim: __, ...old } = byClock;
  assert.deepEqual(atCloseOf([byClock, old]), { aimed: 0, met: 0, lost: 0, missed: {}, heldMs: [] });
});

test("A request that was lost but had not met its close is no loss among those that met it.", () => {
  const { met, lost, missed } = atCloseOf([attempt("lost", { ...hit(1), end: "missed", why: "another connection" })]);
  assert.deepEqual([met, lost, missed], [0, 0, { "another connection": 1 }]);
});

test("Several runs are pooled: 40 of 40 that met it, with their interval, and each reason to miss it once.", () => {
  const run = atCloseOf([
    ...Array.from({ length: 20 }, (_, i) => attempt("lost", hit(i + 1))),
    attempt("fresh", { ...hit(50), end: "missed", why: "too late" }),
  ]);
  const both = pooled([run, run, atCloseOf([])]);
  assert.deepEqual(atCloseCells(both), ["42", "40 of 40: 100 % (91.2-100 %)", "2", "11.0", "50.0"]);
  assert.deepEqual(missedSentences(both), ["2 missed the close: too late."]);
});

test("Where nothing was kept back there is no median of it.", () => {
  assert.deepEqual(atCloseCells(atCloseOf([])), ["0", "0 of 0", "0", "-", "-"]);
});

const hit = (heldMs: number): DoorSight => ({
  ...{ end: "hit", why: null, said: "FIN", idleMs: 6000, heldMs, afterCloseMs: heldMs },
});

const attempt = (outcome: Attempt["outcome"], door: DoorSight): Attempt => ({
  ...{ round: 0, user: 0, node: "1", setGapMs: 6000, gapMs: 6000, inWindow: door.end === "hit", outcome },
  ...{ status: outcome === "lost" ? 502 : 200, atMs: 1, requestId: "before-0-0", connection: null, aim: "close", door },
});
