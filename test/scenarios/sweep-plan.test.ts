import assert from "node:assert/strict";
import { test } from "node:test";
import { type SweepRange, sweepGap, sweepRounds } from "../../scenarios/lib/sweep-plan.ts";

/** How often each gap is tried when all users have done all rounds. */
function tries(range: SweepRange): Map<number, number> {
  const counts = new Map<number, number>();
  for (let round = 0; round < sweepRounds(range); round++) {
    for (let user = 0; user < range.users; user++) {
      const gapMs = sweepGap(range, round, user);
      counts.set(gapMs, (counts.get(gapMs) ?? 0) + 1);
    }
  }
  return counts;
}

test("Every gap of the range is tried equally often where the rounds come out even.", () => {
  // 20 gaps, twice each, by 20 users.
  const counts = tries({ fromMs: 5994, toMs: 6003.5, stepMs: 0.5, times: 2, users: 20 });
  assert.deepEqual(
    [...counts.keys()].sort((a, b) => a - b),
    Array.from({ length: 20 }, (_, i) => 5994 + i * 0.5),
  );
  assert.deepEqual([...new Set(counts.values())], [2]);
});

test("Where they do not come out even, the last round begins the range once more, so some get one try more.", () => {
  for (const users of [1, 3, 7, 20, 50]) {
    for (const times of [1, 2, 5]) {
      const counts = tries({ fromMs: 5994, toMs: 6004, stepMs: 0.5, times, users });
      assert.equal(counts.size, 21);
      const [least, most] = [Math.min(...counts.values()), Math.max(...counts.values())];
      assert.ok(least >= times && most - least <= 1, `${users} users: ${least} to ${most} times`);
    }
  }
});

test("A step that does not divide the range ends below its upper end.", () => {
  const counts = tries({ fromMs: 10, toMs: 12, stepMs: 0.75, times: 1, users: 1 });
  assert.deepEqual([...counts.keys()], [10, 10.75, 11.5]);
});

test("A step of a tenth is counted right, though a double cannot hold it exactly.", () => {
  const counts = tries({ fromMs: 0, toMs: 0.3, stepMs: 0.1, times: 1, users: 1 });
  assert.equal(counts.size, 4);
});

test("A range of one gap has one.", () => {
  assert.deepEqual([...tries({ fromMs: 6000, toMs: 6000, stepMs: 0.5, times: 3, users: 1 })], [[6000, 3]]);
});

test("Neighbouring gaps fall to users that fire one after the other.", () => {
  const range = { fromMs: 100, toMs: 110, stepMs: 0.5, times: 2, users: 5 };
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((user) => sweepGap(range, 1, user)),
    [102.5, 103, 103.5, 104, 104.5],
  );
});
