import assert from "node:assert/strict";
import { test } from "node:test";
import type { Counts } from "../../src/verdict/count.ts";
import { type CheckFacts, type CheckVerdict, judgeCheck } from "../../src/verdict/judge-check.ts";

const NONE = { attempts: 0, inWindow: 0, lost: 0, lostInWindow: 0, own: 0, fresh: 0, answered: 0 };
const REST = { down: 0, retried: 0, missed: 0, errors: 0, firstLostMs: null };
const of = (counts: Partial<Counts>): Counts => ({ ...NONE, ...REST, attempts: 20, inWindow: 20, ...counts });
const facts = (changes: Partial<CheckFacts>): CheckFacts => ({
  kind: "outlives",
  goneEarly: 0,
  status: 200,
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
    { kind: "announces-close", status: 400 },
    /after an error only/,
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
  ["It is no loss when nothing answers at all.", "vulnerable", { down: 20 }, { kind: "closes-at-once" }],
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
