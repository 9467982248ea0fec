import assert from "node:assert/strict";
import { test } from "node:test";
import { keepLast } from "../../src/stage/keep-last.ts";

test("However many lines come, the last 10,000 are there, and never 20,000.", () => {
  const lines: string[] = [];
  let most = 0;
  for (let i = 1; i <= 100_500; i++) {
    keepLast(lines, `${i}`);
    most = Math.max(most, lines.length);
  }
  assert.ok(most < 20_000, `${most}`);
  assert.deepEqual(
    lines.slice(-10_000),
    Array.from({ length: 10_000 }, (_, i) => `${90_501 + i}`),
  );
});
