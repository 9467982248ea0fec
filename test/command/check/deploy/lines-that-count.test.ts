import assert from "node:assert/strict";
import { test } from "node:test";
import { linesThatCount } from "../../../../src/command/check/deploy/lines-that-count.ts";
import type { EdgeLine } from "../../../../src/evidence/edge-log.ts";

const STOPPED_AT_MS = 100_000;

test("What was under way when all was stopped does not count, whoever ended it.", () => {
  assert.deepEqual(counted(line("C", 99_990, 5)), []);
  assert.deepEqual(counted(line("SH", 99_990, 20)), [], "the network was stopped before the LB");
});

test("What was answered, or lost, before that counts; so does what nobody had answered for long.", () => {
  for (const one of [
    line("-", 99_000, 5),
    line("SH", 99_000, 5),
    line("C", 90_000, 10_001),
    line("SH", 90_000, 10_001),
  ]) {
    assert.equal(counted(one).length, 1, JSON.stringify(one));
  }
});

const counted = (one: EdgeLine) => linesThatCount([one], STOPPED_AT_MS);

const line = (termination: string, atMs: number, totalMs: number): EdgeLine => ({
  ...{ log: "edge", atUs: atMs * 1000, id: "1", node: "0", method: "GET", path: "/", status: 502, termination },
  ...{ retries: "0", totalMs, up: "-", sentOn: "0" },
});
