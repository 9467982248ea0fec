import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnosisSchema } from "../../src/diagnose/diagnosis.ts";
import { seriesOf } from "../../src/diagnose/series.ts";
import { createReader } from "../../src/diagnose/tally.ts";
import { lineOf } from "../alb-log/samples.ts";

const MINUTE_MS = 60_000;
const START_MS = Date.parse("2026-11-20T10:00:10Z");
const GOOD = { times: "0.000 0.003 0.000", status: "200", targetStatus: "200" };

test("Failures of an hour are counted by the minute, minutes without one included, and by target.", () => {
  const minutes = Array.from({ length: 60 }, (_, minute) => line({ ...GOOD, minute }));
  const { stepMs, buckets, targets } = seriesOfLines([
    ...minutes,
    line({ minute: 3 }),
    line({ minute: 3, target: "10.0.0.2:3000" }),
    line({ minute: 7, status: "504", times: "0.000 -1 -1" }),
    line({ minute: 8, status: "500", targetStatus: "500", times: "0.000 0.003 0.000" }),
  ]);
  assert.equal(stepMs, MINUTE_MS);
  assert.equal(buckets.length, 60);
  assert.deepEqual(buckets[0], { at: "2026-11-20T10:00:00.000Z", requests: 1, failed: {} });
  assert.deepEqual(buckets[3], { at: "2026-11-20T10:03:00.000Z", requests: 3, failed: { race: 2 } });
  assert.deepEqual(buckets[7]!.failed, { timeout: 1 });
  assert.deepEqual(buckets[8]!.failed, {}, "the target's own are not the LB's");
  assert.deepEqual(
    targets.map(({ name, failed }) => [name, failed[3], failed[7]]),
    [
      ["10.0.0.1:3000", 1, 1],
      ["10.0.0.2:3000", 1, 0],
    ],
  );
});

test("However long the log, there are at most 200 buckets, and none of its failures is left out.", () => {
  for (const minutes of [1, 198, 199, 200, 1000, 10_000, 600_000, 60_000_000]) {
    const { stepMs, buckets } = seriesOfLines([line({ minute: 0 }), line({ minute: minutes })]);
    assert.ok(buckets.length <= 200 && buckets.length >= 2, `${minutes} minutes: ${buckets.length} of ${stepMs} ms`);
    assert.equal(buckets.at(0)!.failed.race, 1);
    assert.equal(buckets.at(-1)!.failed.race, 1);
    assert.equal(
      buckets.reduce((sum, { requests }) => sum + requests, 0),
      2,
    );
  }
});

test("A log without a request has no series.", () => {
  assert.equal(seriesOf(createReader().end()), null);
});

const line = ({ minute, ...fields }: { minute: number } & Parameters<typeof lineOf>[0]): string =>
  lineOf({ ...fields, time: new Date(START_MS + minute * MINUTE_MS).toISOString() });

function seriesOfLines(lines: readonly string[]) {
  const reader = createReader();
  for (const [i, text] of lines.entries()) reader.read(text, "a.log", i + 1);
  return diagnosisSchema.shape.series.unwrap().parse(seriesOf(reader.end()));
}
