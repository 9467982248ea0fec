import assert from "node:assert/strict";
import { test } from "node:test";
import { attemptSchema } from "../../src/record/attempt.ts";

const posted = `{"round":1,"user":3,"node":"n3","setGapMs":5998.5,"gapMs":5998.62,"inWindow":true,
  "outcome":"lost","status":502,"atMs":6004.1,"requestId":"r-3-1","connection":null}`;

test("An attempt as k6 posts it is read as it stands.", () => {
  assert.deepEqual(attemptSchema.parse(JSON.parse(posted)), JSON.parse(posted));
});

test("An attempt with an unknown outcome, without a gap or with a gap that is not a number is refused.", () => {
  const good = JSON.parse(posted);
  for (const wrong of [
    { outcome: "502" },
    { setGapMs: undefined },
    { gapMs: null },
    { gapMs: -1 },
    { status: "502" },
  ]) {
    assert.equal(attemptSchema.safeParse({ ...good, ...wrong }).success, false, JSON.stringify(wrong));
  }
});
