// npm test: quiet, since a close is kept back for 60 ms at most
import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { type TestContext, test } from "node:test";
import { type ClosePlan, coordinate, type SideOutcome } from "../../../src/aim/close/coordinate.ts";
import { createMeetings } from "../../../src/aim/close/meetings.ts";
import type { Attempt } from "../../../src/record/attempt.ts";
import { nodeBehindRelay, playUser } from "./users.ts";

const PLAN: ClosePlan = {
  users: 6,
  rounds: 1,
  sweepers: 0,
  rttMs: 2,
  lastReuseMs: null,
  patienceMs: 2000,
  usualStatus: 200,
};
const SILENT = { idle() {}, heard() {}, fired() {} };

test("Every user meets the close of its own connection, and loses its request.", async (t) => {
  const { lead } = await play(t, PLAN);
  assert.equal(lead.attempts.length, 6);
  for (const { door, outcome, inWindow, aim } of lead.attempts) {
    assert.deepEqual([door!.end, door!.said, outcome, inWindow, aim], ["hit", "FIN", "lost", true, "close"]);
    assert.ok(door!.heldMs! >= 0 && door!.heldMs! <= 60, `kept back ${door!.heldMs} ms`);
    assert.ok(Math.abs(door!.idleMs! - 1001) < 100, `closed after ${door!.idleMs} ms`);
  }
});

test("The other sides' users send at the same gaps, and are answered on their own connections.", async (t) => {
  const { lead, other } = await play(t, PLAN);
  const gapOf = (attempts: readonly Attempt[], user: number) => attempts.find((one) => one.user === user)!.setGapMs;
  for (const { user, setGapMs, outcome, inWindow, door } of other.attempts) {
    assert.equal(setGapMs, gapOf(lead.attempts, user));
    assert.deepEqual([outcome, inWindow, door!.end], ["own", true, "never"]);
  }
});

test("Users that sweep send before and behind the close, with nothing kept back, and are not counted as aimed.", async (t) => {
  const { lead } = await play(t, { ...PLAN, users: 12, sweepers: 6 });
  const swept = lead.attempts.filter(({ aim }) => aim === "clock");
  assert.equal(swept.length, 6);
  for (const { door, inWindow } of swept)
    assert.deepEqual([door!.end, door!.heldMs, inWindow], ["watched", null, false]);
  assert.ok(swept.some(({ door }) => door!.afterCloseMs !== null));
});

test("A target that closes nothing is asked at the last reuse, and answers: no close, no miss.", async (t) => {
  const { lead } = await play(t, { ...PLAN, lastReuseMs: 700 }, 60_000);
  for (const { door, outcome, inWindow, setGapMs } of lead.attempts) {
    assert.deepEqual([door!.end, outcome, inWindow, setGapMs], ["never", "own", true, 700]);
  }
});

test("In later rounds the same users meet their new connections' closes.", async (t) => {
  const { lead } = await play(t, { ...PLAN, users: 3, rounds: 2 });
  assert.deepEqual(
    lead.attempts.map(({ door }) => door!.end),
    Array(6).fill("hit"),
  );
});

test("A target that serves two connections at a time has two users aim, and the others are out.", async (t) => {
  const servesTwo = (): RequestListener => {
    const served = new Set<unknown>();
    return ({ socket }, response) => {
      if (served.size < 2) served.add(socket);
      if (served.has(socket)) response.end("ok");
    };
  };
  const { lead } = await play(t, { ...PLAN, patienceMs: 200 }, 1, servesTwo);
  assert.equal(lead.attempts.filter(({ door }) => door!.end === "hit").length, 2);
  assert.deepEqual(new Set(lead.out.map(({ why }) => why)), new Set(["the target answered no further connection"]));
});

/** A leading side that closes after a second, and another that does not. */
async function play(
  t: TestContext,
  plan: ClosePlan,
  keepAliveTimeout = 1,
  createListener: () => RequestListener | undefined = () => undefined,
): Promise<{ lead: SideOutcome; other: SideOutcome }> {
  const ends = [
    await nodeBehindRelay(t, "lead", keepAliveTimeout, createListener()),
    await nodeBehindRelay(t, "other", 60_000, createListener()),
  ];
  const meetings = createMeetings();
  const users = ends.flatMap(({ side, port }) =>
    Array.from({ length: plan.users }, (_, user) => playUser(side, user, port, meetings)),
  );
  const sides = ends.map(({ side }) => side);
  const [lead, other] = (await coordinate(sides, plan, meetings, SILENT)) as [SideOutcome, SideOutcome];
  void Promise.all(users);
  return { lead, other };
}
