import assert from "node:assert/strict";
import { test } from "node:test";
import { lowerToMs } from "../../src/advice/lower-lb.ts";
import { fill, keepForMs } from "../../src/advice/value.ts";

const longer: [lbS: number, targetS: number][] = [
  [4, 10],
  [15, 20],
  [60, 65],
  [90, 95],
  [350, 365],
  [600, 620],
  [900, 930],
  [3600, 3710],
  [4000, 4120],
];

for (const [lbS, targetS] of longer) {
  test(`Behind an LB of ${lbS} s a target keeps connections for ${targetS} s.`, () => {
    assert.equal(keepForMs(lbS * 1000), targetS * 1000);
  });
}

test("The margin is 5 s and 3 % at least, whatever the LB's idle timeout.", () => {
  for (let lbMs = 1000; lbMs <= 4_000_000; lbMs += 777) {
    const marginMs = keepForMs(lbMs) - lbMs;
    assert.ok(marginMs >= 5000 && marginMs >= lbMs * 0.03 && marginMs < lbMs * 0.03 + 10_000, `${lbMs}`);
  }
});

const lower: [closeMs: number, lbMs: number][] = [
  [6003, 4000],
  [5003, 4000],
  [4990, 4000],
  [2001, 1000],
  [1990, 1000],
  [1500, 0],
  [0, 0],
  [60_060, 48_000],
];

for (const [closeMs, lbMs] of lower) {
  const to = lbMs === 0 ? "no LB closes clear of it" : `an LB at ${lbMs / 1000} s closes first`;
  test(`Where the target closes at ${closeMs} ms, ${to}.`, () => assert.equal(lowerToMs(closeMs), lbMs));
}

test("Every placeholder of a line is filled in, and the line's own braces stay.", () => {
  assert.deepEqual(fill(["{ a: {ms}, b: {ms+1000} }", "x={s}s {s}"], 65_000), ["{ a: 65000, b: 66000 }", "x=65s 65"]);
});
