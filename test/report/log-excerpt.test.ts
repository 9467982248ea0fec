import assert from "node:assert/strict";
import { test } from "node:test";
import { logExcerpt } from "../../src/report/log-excerpt.ts";

const good = { requestId: "before-0-1", fate: "answered" as const, line: "http … 0.000 0.001 0.000 200 200 34 …" };
const lost = { requestId: "before-0-17", fate: "closed" as const, line: "http … 0.000 0.002 -1 502 - 34 …" };
const targetLog = ["listening", '{"event":"request","id":"before-0-1"}', '{"event":"request","id":"before-0-10"}'];

test("The excerpt is the lost line, the good one before it, and the target's line of the good one alone.", () => {
  assert.deepEqual(logExcerpt([{ ...good, requestId: "warm" }, good, lost, lost], targetLog), {
    albLines: [good.line, lost.line],
    targetLines: ['{"event":"request","id":"before-0-1"}'],
  });
});

test("A lost line that came first still has a good one beside it.", () => {
  assert.deepEqual(logExcerpt([lost, good], targetLog)!.albLines, [good.line, lost.line]);
});

test("Nothing lost, nothing to show.", () => {
  assert.equal(logExcerpt([good], targetLog), null);
});
