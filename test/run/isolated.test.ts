import assert from "node:assert/strict";
import { test } from "node:test";
import { isolated } from "../../src/run/isolated.ts";
import { createProgress } from "../../src/run/progress.ts";
import { withRun } from "../../src/run/run.ts";

test("What a repetition started is undone when that repetition ends, last one first, and once only.", async () => {
  const undone: string[] = [];
  await withRun(createProgress(process.stderr), async (run) => {
    await isolated(run, async (inner) => {
      inner.defer(() => void undone.push("first"));
      inner.defer(() => void undone.push("second"));
    });
    assert.deepEqual(undone, ["second", "first"]);
    return 0;
  });
  assert.deepEqual(undone, ["second", "first"]);
});

test("It is undone when the repetition fails, too.", async () => {
  const undone: string[] = [];
  const run = withRun(createProgress(process.stderr), (outer) =>
    isolated(outer, async (inner) => {
      inner.defer(() => void undone.push("part"));
      throw new Error("a part died");
    }),
  );
  await assert.rejects(run, /a part died/);
  assert.deepEqual(undone, ["part"]);
});
