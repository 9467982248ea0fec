import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Counts } from "../../src/verdict/count.ts";
import { exitCodeOf } from "../../src/verdict/exit-code.ts";
import { judgeComparison, judgeRun } from "../../src/verdict/judge.ts";

const NONE = { attempts: 0, inWindow: 0, lost: 0, lostInWindow: 0, own: 0, fresh: 0, answered: 0 };
const REST = { down: 0, retried: 0, missed: 0, errors: 0, firstLostMs: null };
const of = (counts: Partial<Counts>): Counts => ({ ...NONE, ...REST, ...counts });

const losing = of({ attempts: 60, inWindow: 40, lost: 38, lostInWindow: 37, own: 10, fresh: 12, firstLostMs: 6160 });
const reused = of({ attempts: 60, inWindow: 40, own: 60 });
const fresh = of({ attempts: 60, inWindow: 40, fresh: 60 });
const clean = { expect: "clean" } as const;

describe("One run", () => {
  test("A single lost request is a loss, and the reason names how many of how many.", () => {
    const { verdict, reasons } = judgeRun(of({ attempts: 40, inWindow: 40, lost: 1, lostInWindow: 1, own: 39 }), clean);
    assert.equal(verdict, "lost");
    assert.deepEqual(reasons, ["1 of 40 requests sent inside the window were lost, where none was expected to be."]);
  });

  test("Losses outside the window are losses too, and are named apart.", () => {
    const { verdict, reasons } = judgeRun(losing, { expect: "lost" });
    assert.equal(verdict, "lost");
    assert.deepEqual(reasons, ["37 of 40 requests sent inside the window and 1 of 20 outside it were lost."]);
  });

  test("No loss is clean whether the connections were reused or opened afresh.", () => {
    assert.equal(judgeRun(reused, clean).verdict, "clean");
    assert.equal(judgeRun(fresh, clean).verdict, "clean");
    assert.deepEqual(judgeRun(reused, { expect: "lost" }).reasons, [
      "0 of 40 requests sent inside the window were lost, where losses were expected.",
    ]);
  });

  test("Clean takes ten attempts inside the window.", () => {
    const ten = of({ attempts: 30, inWindow: 10, own: 30 });
    const nine = of({ attempts: 30, inWindow: 9, own: 30 });
    assert.equal(judgeRun(ten, clean).verdict, "clean");
    assert.equal(judgeRun(nine, clean).verdict, "inconclusive");
    assert.match(judgeRun(nine, clean).reasons[0]!, /^Only 9 of 30 attempts were aimed .* takes 10\.$/);
  });

  const ill: [what: string, counts: Counts, reason: RegExp][] = [
    ["no request at all", of({ missed: 40 }), /^No request was sent: 0 attempts, 40 missed their moment\.$/],
    ["nothing aimed", of({ attempts: 40, own: 40 }), /^None of 40 attempts was aimed/],
    [
      "a wrong gap that misses every moment",
      of({ attempts: 2, own: 2, missed: 38 }),
      /; 38 more missed their moment\.$/,
    ],
    ["a dead target", of({ attempts: 40, inWindow: 40, own: 37, down: 3 }), /^3 of 40 attempts found the target down/],
    ["repeated requests", of({ attempts: 40, inWindow: 40, own: 38, retried: 2 }), /^2 of 40 attempts .* unseen\.$/],
    [
      "a target that always answers 500",
      of({ attempts: 40, inWindow: 40, errors: 40 }),
      /^40 of 40 attempts ended in an error/,
    ],
  ];
  for (const [what, counts, reason] of ill) {
    test(`No loss, but ${what}: inconclusive, never clean.`, () => {
      const judged = judgeRun(counts, clean);
      assert.equal(judged.verdict, "inconclusive");
      assert.match(judged.reasons[0]!, reason);
    });
  }

  test("Losses at a target that died in the middle are inconclusive: its death may have caused them.", () => {
    assert.equal(judgeRun(of({ ...losing, down: 1 }), clean).verdict, "inconclusive");
  });

  test("A stray error or a repeated request forges no 502: the loss stands, with the doubt beside it.", () => {
    const { verdict, reasons } = judgeRun(of({ ...losing, errors: 1, retried: 1 }), clean);
    assert.equal(verdict, "lost");
    assert.equal(reasons.length, 3);
  });
});

describe("Before against after", () => {
  test("Most of the window lost before and none after is reproduced, however the fix works.", () => {
    for (const after of [reused, fresh]) {
      const { verdict, pValue, reasons } = judgeComparison(losing, after);
      assert.equal(verdict, "reproduced");
      assert.ok(pValue > 2.2e-19 && pValue < 2.4e-19, `${pValue}`);
      assert.deepEqual(reasons, [
        "37 of 40 requests sent inside the window and 1 of 20 outside it were lost before, and 0 of 40 at the same gaps after (Fisher's exact test: p = 2.3e-19).",
      ]);
    }
  });

  test("One request lost after the fix is a failed fix, whatever the run before showed.", () => {
    const after = of({ ...reused, own: 59, lost: 1 });
    for (const before of [losing, reused, of({})]) assert.equal(judgeComparison(before, after).verdict, "fix-failed");
  });

  test("A sound run before without a loss is not reproduced.", () => {
    const { verdict, pValue, reasons } = judgeComparison(reused, reused);
    assert.deepEqual([verdict, pValue], ["not-reproduced", 1]);
    assert.match(reasons[0]!, /^Before: 0 of 40 /);
  });

  const open: [what: string, before: Counts, after: Counts, reason: RegExp][] = [
    ["a run before that aimed at nothing", of({ attempts: 40, own: 40 }), reused, /^Before: None of 40/],
    [
      "losses before that were not aimed",
      of({ attempts: 40, own: 38, lost: 2 }),
      reused,
      /^Before: .* 0 attempts were aimed/,
    ],
    [
      "fewer than half of the window lost",
      of({ ...losing, lost: 19, lostInWindow: 19 }),
      reused,
      /^Before: only 19 of 40/,
    ],
    ["a dead target before", of({ ...losing, down: 5 }), reused, /^Before: 5 of 60 .* down/],
    ["a dead target after", losing, of({ ...reused, own: 50, down: 10 }), /^After: 10 of 60 .* down/],
    ["repeated requests after", losing, of({ ...reused, own: 59, retried: 1 }), /^After: 1 of 60 .* unseen/],
    ["a smaller run after", losing, of({ attempts: 50, inWindow: 39, own: 50 }), /50 attempts against 60/],
  ];
  for (const [what, before, after, reason] of open) {
    test(`With ${what}, the comparison is inconclusive and says so.`, () => {
      const judged = judgeComparison(before, after);
      assert.equal(judged.verdict, "inconclusive");
      assert.match(judged.reasons[0]!, reason);
    });
  }

  test("A difference that chance makes too often is inconclusive.", () => {
    // 2 of 3 against 0 of 10: p = 0.038.
    const before = of({ attempts: 3, inWindow: 3, lost: 2, lostInWindow: 2 });
    const { verdict, pValue, reasons } = judgeComparison(before, of({ attempts: 10, inWindow: 10, own: 10 }));
    assert.equal(verdict, "inconclusive");
    assert.ok(pValue > 0.001);
    assert.match(reasons[0]!, /^2 of 3 before against 0 of 10 after can be chance: Fisher's p = 0\.038/);
  });

  test("Counts beyond what a double can tell from certainty still read as a number.", () => {
    const thousands = of({ attempts: 5000, inWindow: 5000, lost: 5000, lostInWindow: 5000 });
    const after = of({ attempts: 5000, inWindow: 5000, own: 5000 });
    assert.match(judgeComparison(thousands, after).reasons[0]!, /p < 1e-300/);
  });
});

test("The expected verdict exits 0, no verdict 3, any other 1.", () => {
  assert.equal(exitCodeOf("reproduced", "reproduced"), 0);
  assert.equal(exitCodeOf("fix-failed", "reproduced"), 1);
  assert.equal(exitCodeOf("not-reproduced", "reproduced"), 1);
  assert.equal(exitCodeOf("inconclusive", "reproduced"), 3);
  assert.equal(exitCodeOf("lost", "lost"), 0);
  assert.equal(exitCodeOf("clean", "lost"), 1);
});
