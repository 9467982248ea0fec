import assert from "node:assert/strict";
import { test } from "node:test";
import { type ProbeSummary, summarise } from "../../src/probe/summarise.ts";
import type { Counts } from "../../src/verdict/count.ts";
import { type CheckFacts, type CheckVerdict, judgeCheck } from "../../src/verdict/judge-check.ts";

const NONE = { attempts: 0, inWindow: 0, lost: 0, lostInWindow: 0, own: 0, fresh: 0, answered: 0 };
const REST = { down: 0, retried: 0, missed: 0, errors: 0, firstLostMs: null };
const of = (counts: Partial<Counts>): Counts => ({ ...NONE, ...REST, attempts: 20, inWindow: 20, ...counts });
/** Three connections that were open after 65 s, unless changed. */
const watched = (changes: Partial<ProbeSummary> = {}): ProbeSummary => ({
  ...{ ...summarise([]), connections: 3, watchedMs: 65_000, begunOverMs: 1236, status: 200 },
  ...changes,
});

const facts = (changes: Partial<CheckFacts>): CheckFacts => ({
  kind: "outlives",
  goneEarly: 0,
  probe: watched(),
  requests: { limit: null, lookedUpTo: 110, why: null },
  lbIdleMs: 60_000,
  named: [],
  answered: 10,
  expect: "clean",
  doubts: [],
  unexplained: [],
  control: null,
  leastAimed: 10,
  ...changes,
});

const cases: [says: string, CheckVerdict, Partial<Counts>, Partial<CheckFacts>, about?: RegExp][] = [
  [
    "A loss in front of a living target is a loss.",
    "lost",
    { lost: 1, lostInWindow: 1, own: 19 },
    { kind: "vulnerable" },
  ],
  ["It is one though the probe saw the target outlive the LB.", "lost", { lost: 1, own: 19 }, {}],
  [
    "No loss at a vulnerable target means that the aim missed.",
    "inconclusive",
    { own: 20 },
    { kind: "vulnerable" },
    /aim missed/,
  ],
  ["So it is where all connections were gone.", "inconclusive", { fresh: 20 }, { kind: "vulnerable" }, /aim missed/],
  ["All answered on the idle connection of a target that outlives the LB is clean.", "clean", { own: 20 }, {}],
  ["So is one behind a standing LB, which does not say on which connection.", "clean", { answered: 20 }, {}],
  [
    "Connections gone before the LB's timeout contradict that.",
    "inconclusive",
    { own: 10, fresh: 10 },
    { goneEarly: 10 },
    /gone before/,
  ],
  ["A probe that was hardly answered proves nothing.", "inconclusive", { own: 20 }, { answered: 4 }, /Only 4/],
  ["A tie is vulnerable, whatever the traffic met.", "vulnerable", { own: 20 }, { kind: "tie" }, /same instant/],
  ["An announced close is clean, with the reason.", "clean", { fresh: 20 }, { kind: "announces-close" }, /no race/],
  [
    "After an error it says nothing about good answers.",
    "inconclusive",
    { fresh: 20 },
    { kind: "announces-close", probe: watched({ status: 401 }) },
    /after an error only/,
  ],
  [
    "Unless the user says that this answer is a good one.",
    "clean",
    { fresh: 20 },
    { kind: "announces-close", probe: watched({ status: 401 }), named: ["401"] },
  ],
  [
    "Closes of one instant are a restart, and what was lost in it is no loss to the idle timeout.",
    "inconclusive",
    { lost: 6, lostInWindow: 6, down: 0 },
    { kind: "restarted", probe: watched({ closed: 3, minMs: 800, maxMs: 2000 }) },
    /^3 connections were closed in one instant/,
  ],
  [
    "Some closed early is vulnerable, whatever the traffic met.",
    "vulnerable",
    { own: 20 },
    { kind: "closes-some", probe: watched({ closed: 1, minMs: 8000, maxMs: 8000 }) },
    /closed 1 of 3 idle connections/,
  ],
  [
    "So is a limit on age,",
    "vulnerable",
    { own: 20 },
    { kind: "closes-by-age", probe: watched({ closed: 3, minMs: 30_000, maxMs: 30_000 }) },
    /30\.00 s after it was opened/,
  ],
  [
    "and an unannounced one on requests.",
    "vulnerable",
    { own: 20 },
    {
      kind: "closes-after-requests",
      requests: { limit: { requests: 20, announced: false }, lookedUpTo: 20, why: null },
    },
    /after 20 requests/,
  ],
  [
    "A header that claims less than was measured is a doubt.",
    "inconclusive",
    { own: 20 },
    { probe: watched({ claimedMs: 5000 }) },
    /header says 5 s/,
  ],
  [
    "A clean verdict names each answer that is no 2xx,",
    "clean",
    { own: 20 },
    { probe: watched({ status: 404 }) },
    /answered 404/,
  ],
  [
    "a limit that was not looked for,",
    "clean",
    { own: 20 },
    { requests: { limit: null, lookedUpTo: 1, why: "a POST is not repeated at will" } },
    /up to 1 only: a POST/,
  ],
  [
    "and what it rests on and cannot see.",
    "clean",
    { own: 20 },
    { control: { expect: "lost", verdict: "lost", reasons: ["lost"], counts: { inWindow: 10, lostInWindow: 10 } } },
    /rests on 3 connections watched for 65\.00 s, .* control lost 10 of the 10 requests .* Not seen from here/,
  ],
  ["A reused connection contradicts it.", "inconclusive", { own: 1, fresh: 19 }, { kind: "announces-close" }, /reused/],
  [
    "A target that closes at once loses when anything is lost, the question after it included.",
    "lost",
    { lost: 1, down: 2, fresh: 17 },
    { kind: "closes-at-once" },
    /^3 of 20/,
  ],
  ["It is vulnerable when nothing was.", "vulnerable", { fresh: 20 }, { kind: "closes-at-once" }],
  [
    "Nor is it one when nobody answers any more.",
    "inconclusive",
    { down: 20 },
    { kind: "closes-at-once" },
    /gone away/,
  ],
  [
    "A doubt takes a clean run's verdict, and the run's own with it: a CI reads that one.",
    "inconclusive",
    { own: 20 },
    { doubts: ["k6 and the LB's log disagree."] },
    /disagree/,
  ],
  ["A loss stays one, doubts or not.", "lost", { lost: 1, own: 19 }, { doubts: ["k6 and the LB's log disagree."] }],
  [
    "A loss that nobody can explain makes it inconclusive: it may be no race at all.",
    "inconclusive",
    { lost: 1, own: 19 },
    { unexplained: ["1 of 1 lost requests cannot be explained."] },
    /explained/,
  ],
  ["So does a tie.", "vulnerable", { own: 20 }, { kind: "tie", doubts: ["k6 and the LB's log disagree."] }],
  ["A target that is down proves nothing.", "inconclusive", { own: 10, down: 10 }, {}, /down/],
  ["Too few aimed requests prove nothing.", "inconclusive", { attempts: 9, inWindow: 9, own: 9 }, {}, /Only 9/],
  ["A probe that could not tell proves nothing.", "inconclusive", { own: 20 }, { kind: "unknown" }, /could not tell/],
];

for (const [says, verdict, counts, seen, about = /./] of cases) {
  test(says, () => {
    const judged = judgeCheck(of(counts), facts(seen));
    assert.equal(judged.verdict, verdict, judged.reasons.join(" "));
    if (verdict === "inconclusive") assert.equal(judged.run.verdict, "inconclusive");
    assert.match(judged.reasons.join(" "), about);
  });
}
