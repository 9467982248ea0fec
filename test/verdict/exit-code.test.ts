import assert from "node:assert/strict";
import { test } from "node:test";
import { exitCodeOf } from "../../src/verdict/exit-code.ts";

test("The expected verdict is 0, another 1, none 3.", () => {
  assert.equal(exitCodeOf("reproduced", "reproduced"), 0);
  assert.equal(exitCodeOf("fix-failed", "reproduced"), 1);
  assert.equal(exitCodeOf("lost", "clean"), 1);
  for (const expected of ["reproduced", "clean", "lost", "safe"] as const) {
    assert.equal(exitCodeOf("inconclusive", expected), 3);
  }
});

test("A probe's verdicts map to those of a run: vulnerable to lost, safe to clean.", () => {
  assert.equal(exitCodeOf("vulnerable", "clean"), 1);
  assert.equal(exitCodeOf("vulnerable", "lost"), 0);
  assert.equal(exitCodeOf("vulnerable", "safe"), 1);
  assert.equal(exitCodeOf("safe", "clean"), 0);
  assert.equal(exitCodeOf("safe", "lost"), 1);
});
