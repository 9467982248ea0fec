import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  type KnownWindow,
  planAroundClose,
  planAtClose,
  planAtLastReuse,
  planWithoutIdling,
} from "../../../src/aim/clock/plan.ts";
import { type Probe, startProbe } from "../../../src/probe/probe.ts";
import type { Outcome } from "../../../src/record/attempt.ts";
import { answerThenEnd, OK, rawServer } from "../../probe/raw-server.ts";
import { attempt } from "./attempt.ts";

const exchange = { throughLbMs: 4, directMs: 0.5, rttMs: 2 };

/** As windowFromCloses() foretells it of a close at 6000 ms: the middle half of a round trip, behind 5996.5. */
const FORETOLD = { fromMs: 5997, toMs: 5998, kind: "close", source: "probe" } as const;

/** Attempts of one round. */
const seen = (gaps: [gapMs: number, outcome: Outcome][], round = 0) =>
  gaps.map(([gapMs, outcome], user) => attempt({ round, user, gapMs, outcome }));

/** They contradict a window of 2 ms the least where its middle is from 5994.5 to 5995. */
const TRIALS: [number, Outcome][] = [
  [5993, "own"],
  [5994, "lost"],
  [5995.5, "lost"],
  [5997, "fresh"],
];

const assertAt = (window: KnownWindow | null, fromMs: number, toMs: number) => {
  assert.ok(
    window && Math.abs(window.fromMs - fromMs) < 0.1 && Math.abs(window.toMs - toMs) < 0.1,
    `${window?.fromMs}`,
  );
};

test("Rounds at the close aim where the probe saw it, then where the attempts put it.", () => {
  const { first, after } = planAtClose([6000], exchange, 3);
  assert.deepEqual(first, FORETOLD);
  const second = after(0, seen(TRIALS), first);
  assertAt(second, 5994.25, 5995.25);
  assert.deepEqual([second!.kind, second!.source, second!.set], ["close", "rounds up to 1", undefined]);
  assert.equal(after(2, seen(TRIALS), second!), null, "three rounds");
});

test("Rounds at the close stay where they are as long as nothing is lost.", () => {
  const { first, after } = planAtClose([6000], exchange, 2);
  assert.equal(
    after(
      0,
      seen([
        [5990, "own"],
        [6010, "fresh"],
      ]),
      first,
    ),
    first,
  );
});

test("Attempts that do not tell what became of the connection leave the window alone.", () => {
  const { first, after } = planAtClose([6000], exchange, 2);
  const others = seen((["missed", "down", "retried", "error", "answered"] as const).map((one) => [4000, one]));
  assertAt(after(0, [...seen(TRIALS), ...others], first), 5994.25, 5995.25);
});

test("Rounds around the close look beside the last one until something is lost, and stay there.", () => {
  const { first, after } = planAroundClose([6000], exchange, 10);
  assert.deepEqual(first, { ...FORETOLD, fromMs: 5992, toMs: 5993, set: true });
  const second = after(0, seen([[5992, "own"]]), first)!;
  const third = after(1, seen([[5995, "own"]], 1), second)!;
  assert.deepEqual([second.fromMs, third.fromMs], [5995, 5989]);
  const lost = seen([[5989, "lost"]], 2);
  assert.equal(after(2, lost, third), third);
  assert.equal(after(3, lost, third)!.fromMs, 5998, "none was lost in the round before");
});

test("Rounds around the close end when ten requests are lost, or with the last one.", () => {
  const { first, after } = planAroundClose([6000], exchange, 3);
  const lost = (count: number) => seen(Array.from({ length: count }, () => [5992, "lost"]));
  assert.deepEqual([after(0, lost(9), first), after(0, lost(10), first)], [first, null]);
  assert.equal(after(2, [], first), null);
});

test("Rounds around a close right after the answer begin with no gap at all.", () => {
  assert.deepEqual(planAroundClose([6], exchange, 3).first, { ...FORETOLD, fromMs: 0, toMs: 0, set: true });
});

const LB_IDLE = { lbIdleMs: 60_000, rounds: 2 };
const LAST_REUSE = {
  ...{ fromMs: 59_700, toMs: 59_900, kind: "last-reuse", source: "the LB's last reuse", set: true },
} as const;

test("Rounds at the last reuse are all from 300 to 100 ms before the LB's idle timeout.", () => {
  const { first, after } = planAtLastReuse({ ...LB_IDLE, thorough: false }, Promise.resolve([61_000]), exchange);
  assert.deepEqual(first, LAST_REUSE);
  assert.deepEqual([after(0, [], first), after(1, [], first)], [first, null]);
});

test("Thorough rounds go on about the LB's idle timeout, and at the target's own close where it has closed.", async () => {
  const { first, after } = planAtLastReuse({ ...LB_IDLE, thorough: true }, Promise.resolve([61_000]), exchange);
  await Promise.resolve();
  const second = after(1, [], first)!;
  assert.deepEqual([second.fromMs, second.toMs, second.kind, second.set], [59_998, 60_002, "lb-idle", true]);
  const third = after(2, [], second)!;
  assert.deepEqual([third.fromMs, third.toMs, third.kind, third.set], [60_997, 60_998, "late-close", undefined]);
  assert.equal(after(3, [], third), null);
});

test("Thorough rounds end with the LB's idle timeout where the target has not closed.", () => {
  const { first, after } = planAtLastReuse({ ...LB_IDLE, thorough: true }, new Promise(() => {}), exchange);
  assert.equal(after(2, [], after(1, [], first)!), null);
});

async function probeOf(t: TestContext, serve: Parameters<typeof rawServer>[1]): Promise<Probe> {
  const probe = startProbe(await rawServer(t, serve), 10);
  t.after(() => probe.stop());
  await probe.idle;
  return probe;
}

test("A target that keeps its connections has to be waited for.", async (t) => {
  const probe = await probeOf(t, (socket) => socket.write(`${OK}\r\nok`));
  assert.equal(await planWithoutIdling(probe, 2, 3), null);
});

test("A target that announces its closes gets one round, and nothing to aim at.", async (t) => {
  const probe = await probeOf(t, (socket) => answerThenEnd(socket, 0, "Connection: close\r\n"));
  const { first, after } = (await planWithoutIdling(probe, 2, 3))!;
  assert.deepEqual([first.kind, after(0, [], first)], ["announced", null]);
});

test("A target that closes after each answer is aimed at at once, until its FIN has arrived.", async (t) => {
  const probe = await probeOf(t, (socket) => answerThenEnd(socket, 0));
  const { first, after } = (await planWithoutIdling(probe, 2, 3))!;
  assert.deepEqual([first.fromMs, first.toMs, first.kind], [0, 3, "at-once"]);
  assert.deepEqual([after(1, [], first), after(2, [], first)], [first, null]);
});
