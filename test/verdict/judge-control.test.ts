import assert from "node:assert/strict";
import { test } from "node:test";
import type { Counts } from "../../src/verdict/count.ts";
import { judgeControl } from "../../src/verdict/judge-control.ts";

const NOTHING: Counts = {
  ...{ attempts: 10, inWindow: 10, lost: 0, lostInWindow: 0, fresh: 0, own: 0, answered: 0, down: 0 },
  ...{ retried: 0, missed: 0, errors: 0, firstLostMs: null },
};

const control = (counts: Partial<Counts>) => judgeControl({ ...NOTHING, ...counts });

test("A control that loses all of its requests, or nine of ten, holds.", () => {
  assert.equal(control({ lost: 10, lostInWindow: 10 }).verdict, "lost");
  assert.equal(control({ lost: 9, lostInWindow: 9, own: 1 }).verdict, "lost");
  assert.equal(control({ inWindow: 5, lost: 7, lostInWindow: 5, fresh: 3 }).verdict, "lost");
});

test("A control that loses one of ten, or of whose requests too few met the close, is inconclusive.", () => {
  const one = control({ lost: 1, lostInWindow: 1, own: 9 });
  assert.equal(one.verdict, "inconclusive");
  assert.match(
    one.reasons[0]!,
    /^1 of 10 requests that met its close were lost, and a control takes 90 % of at least 5\.$/,
  );
  assert.equal(control({ inWindow: 4, lost: 4, lostInWindow: 4, fresh: 6 }).verdict, "inconclusive");
});

test("A control that loses nothing is clean, which is not what it is for.", () => {
  assert.equal(control({ own: 10 }).verdict, "clean");
});
