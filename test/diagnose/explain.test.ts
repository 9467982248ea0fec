import assert from "node:assert/strict";
import { test } from "node:test";
import { KINDS } from "../../src/diagnose/cause.ts";
import { type CauseTally, type Counts, newCause } from "../../src/diagnose/counts.ts";
import type { Context } from "../../src/diagnose/doubts.ts";
import { explain, topRouteOf } from "../../src/diagnose/explain.ts";

const RARE = { share: 0.0001, atLeast: 0, group: "all", name: null, everyMs: 10 } as const;
const NOTHING: Context = { topRoute: null, rate: RARE, inBursts: 0, onlyErrors: "no", recasts: [] };

test("Every cause says why and what to do next.", () => {
  for (const kind of KINDS) {
    const { why, next } = explain(kind, tallied({ high: 5 }, [3]), NOTHING);
    assert.ok(why.length > 20 && next.length > 20, kind);
  }
});

test("A cause is as sure as most of its lines; on a tie, the less sure ones count.", () => {
  const sureOf = (sure: Partial<CauseTally["sure"]>) => explain("closed", tallied(sure), NOTHING).sure;
  assert.equal(sureOf({ high: 3, medium: 2 }), "high");
  assert.equal(sureOf({ high: 2, medium: 2 }), "medium");
  assert.equal(sureOf({ high: 2, medium: 2, low: 2 }), "low");
});

test("One or two races are less sure, as a crashed app looks the same.", () => {
  const one = explain("race", tallied({ high: 1 }, [2]), NOTHING);
  assert.equal(one.sure, "medium");
  assert.match(one.why, /closed without an answer 2 ms later/);
  assert.deepEqual(one.doubts, ["so few may also be an app that crashed at once"]);
  assert.equal(explain("race", tallied({ high: 3 }), NOTHING).sure, "high");
  assert.equal(explain("race", tallied({ medium: 2 }), NOTHING).sure, "low");
});

test("Races nearly all on one rarely used route are less sure.", () => {
  const crash = { name: "/crash", share: 0.95, shareOfRequests: 0.1 };
  const of = (count: number, topRoute: typeof crash) =>
    explain("race", tallied({ high: count }), { ...NOTHING, topRoute });
  assert.equal(of(5, crash).sure, "medium");
  assert.deepEqual(of(5, crash).doubts, ["nearly all are /crash, so look for a crash there"]);
  assert.equal(of(4, crash).sure, "high", "four are too few to be told apart");
  assert.equal(of(5, { ...crash, share: 0.9 }).sure, "high");
  assert.equal(of(5, { ...crash, shareOfRequests: 0.5 }).sure, "high", "a route that half of all requests ask for");
});

test("A rate that ordinary traffic cannot lose makes a race less sure, and one that only a poller can least of all.", () => {
  const of = (rate: Partial<Context["rate"]>) =>
    explain("race", tallied({ high: 100 }), { ...NOTHING, rate: { ...RARE, ...rate } });
  assert.equal(of({ share: 0.004, atLeast: 0.004 }).sure, "high");
  assert.equal(of({ share: 0.01, atLeast: 0.009 }).sure, "medium");
  const many = of({ share: 0.4, atLeast: 0.38, group: "route", name: "/poll", everyMs: 6000 });
  assert.equal(many.sure, "low");
  assert.match(
    many.doubts[0]!,
    /^40 % of the requests for \/poll, asked every 6\.0 s on average, is more than a race can/,
  );
  assert.match(many.doubts[0]!, /at a fixed period close to the target's idle timeout/);
  assert.match(many.next, /^ask the target itself .*; then measure the target with npm run probe/);
});

test("Races in a log of errors, and those that came in bursts, are less sure; no share is said of the former.", () => {
  const of = (more: Partial<Context>) => explain("race", tallied({ high: 20 }), { ...NOTHING, ...more });
  for (const onlyErrors of ["yes", "maybe"] as const) {
    const found = of({ onlyErrors, rate: { ...RARE, share: 1, atLeast: 0.8 } });
    assert.equal(found.sure, "medium", onlyErrors);
    assert.doesNotMatch(found.doubts.join(), /%/);
  }
  assert.equal(of({ inBursts: 10 }).sure, "high");
  assert.equal(of({ inBursts: 11 }).sure, "medium");
});

test("A deploy is sure from three on.", () => {
  assert.equal(explain("deploy", tallied({ low: 2 }), NOTHING).sure, "medium");
  assert.equal(explain("deploy", tallied({ low: 3 }), NOTHING).sure, "high");
});

test("How long the target had the requests is given as median, shortest and longest.", () => {
  const held = (ms: number[]) => explain("closed", tallied({ high: ms.length }, ms), NOTHING).why;
  assert.match(held([4205]), /had the request for 4205 ms and closed/);
  assert.match(held([900, 100, 200, 300, 5000]), /for 300 ms \(median; 100 ms to 5000 ms\)/);
  assert.match(held([1000, 10_000]), /for 1000 ms \(median; 1000 ms to 10 s or more\)/);
});

test("The top route is the one with most failures of the kind, with its shares of them and of all requests.", () => {
  const routes: [string, Counts][] = [
    ["/busy", { requests: 80, failed: { race: 1, own: 9 } }],
    ["/crash\x1b[2J", { requests: 10, failed: { race: 3 } }],
    ["/fine", { requests: 10, failed: {} }],
  ];
  assert.deepEqual(topRouteOf("race", 4, routes, 100), { name: "/crash [2J", share: 0.75, shareOfRequests: 0.1 });
  assert.equal(topRouteOf("timeout", 4, routes, 100), null);
});

/** Lines of each sureness, and for how long the target had each. */
function tallied(sure: Partial<CauseTally["sure"]>, heldMs: readonly number[] = []): CauseTally {
  const tally = newCause();
  Object.assign(tally.sure, sure);
  tally.count = tally.sure.high + tally.sure.medium + tally.sure.low;
  for (const ms of heldMs) tally.heldMs.set(ms, (tally.heldMs.get(ms) ?? 0) + 1);
  return tally;
}
