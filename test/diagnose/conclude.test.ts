import assert from "node:assert/strict";
import { test } from "node:test";
import { conclude, type Reading } from "../../src/diagnose/conclude.ts";
import { failuresOf } from "../../src/diagnose/counts.ts";
import { diagnosisSchema } from "../../src/diagnose/diagnosis.ts";
import { createReader } from "../../src/diagnose/tally.ts";
import { lineOf } from "../alb-log/samples.ts";

const GOOD = lineOf({ times: "0.000 0.003 0.000", status: "200", targetStatus: "200" });
const RACE = lineOf();
const TIMEOUT = lineOf({ times: "0.000 -1 -1", status: "504" });
const OWN = lineOf({ times: "0.000 0.003 0.000", status: "500", targetStatus: "500" });

test("One race is the verdict, whatever else there is; the LB's other 5xx are counted beside it.", () => {
  const { verdict, reasons } = concluded([GOOD, RACE, TIMEOUT, TIMEOUT, OWN]);
  assert.equal(verdict, "race");
  assert.deepEqual(reasons, [
    "1 of 5 requests were lost to the keep-alive race, by their lines (sure: medium).",
    "So few may also be an app that crashed at once.",
    "The LB made 2 other 5xx: timeout 2.",
  ]);
});

test("The LB's 5xx without a race are errors, counted by kind; the target's own are not counted.", () => {
  const { verdict, reasons, errors } = concluded([GOOD, TIMEOUT, TIMEOUT, OWN]);
  assert.equal(verdict, "errors");
  assert.deepEqual(reasons, ["No line looks like the keep-alive race; the LB made 2 5xx: timeout 2."]);
  assert.deepEqual(errors, { all: 3, lb: 2 });
});

test("The most frequent cause comes first, the target's own last.", () => {
  const { causes } = concluded([OWN, OWN, OWN, RACE, TIMEOUT, TIMEOUT]);
  assert.deepEqual(
    causes.map(({ kind, count }) => [kind, count]),
    [
      ["timeout", 2],
      ["race", 1],
      ["own", 3],
    ],
  );
});

test("An empty log, one that is not an ALB's, too many unreadable lines and a broken file are inconclusive, each with its reason.", () => {
  const reasonsOf = (lines: string[], reading: Partial<Reading> = {}) => {
    const { verdict, reasons } = concluded(lines, reading);
    assert.equal(verdict, "inconclusive");
    return reasons;
  };
  assert.deepEqual(reasonsOf([]), ["There is no line to read."]);
  assert.deepEqual(reasonsOf(["garbage"]), ["No line is from an ALB's access log."]);
  assert.deepEqual(reasonsOf([GOOD, "garbage"]), ["1 of 2 lines could not be read."]);
  const two = [...Array<string>(98).fill(GOOD), "garbage", "garbage"];
  assert.deepEqual(reasonsOf(two), ["2 of 100 lines could not be read."]);
  const broken = [{ file: "a.log.gz", reason: "the gzip file is cut off" }];
  assert.deepEqual(reasonsOf([GOOD], { broken }), ["a.log.gz could not be read to its end: the gzip file is cut off."]);
});

test("One unreadable line in a hundred is still clean, and a broken file hides no race.", () => {
  assert.equal(concluded([...Array<string>(99).fill(GOOD), "garbage"]).verdict, "clean");
  assert.equal(concluded([RACE, "garbage"]).verdict, "race");
});

test("The first and last time are those of the requests, and there are none without one.", () => {
  const at = (second: number) => lineOf({ time: `2026-11-20T10:00:0${second}.000000Z` });
  const { input } = concluded([at(5), at(1), at(9)]);
  assert.deepEqual([input.firstAt, input.lastAt], ["2026-11-20T10:00:01.000Z", "2026-11-20T10:00:09.000Z"]);
  assert.equal(concluded([]).input.firstAt, null);
});

test("The hundred targets with most failures are listed, and the rest are summed up: nothing is lost.", () => {
  const lines = Array.from({ length: 150 }, (_, i) => {
    const target = `10.0.0.${i}:80`;
    return [
      lineOf({ target, status: "504", times: "0.000 -1 -1" }),
      ...Array<string>(i).fill(OWN.replace(/10\.0\.0\.1:3000/g, target)),
    ];
  }).flat();
  const { listed, others } = concluded(lines).targets;
  assert.equal(listed.length, 100);
  assert.deepEqual(listed[0], { name: "10.0.0.149:80", requests: 150, failed: { timeout: 1, own: 149 } });
  assert.ok(listed.every((target, i) => i === 0 || failuresOf(target) <= failuresOf(listed[i - 1]!)));
  assert.deepEqual(others, { requests: 50 + (49 * 50) / 2, failed: { timeout: 50, own: (49 * 50) / 2 } });
});

test("Hours are listed in their order.", () => {
  const { hours } = concluded(["12", "09", "10"].map((hour) => lineOf({ time: `2026-11-20T${hour}:00:00.000000Z` })));
  assert.deepEqual(
    hours.listed.map(({ name }) => name),
    ["2026-11-20T09", "2026-11-20T10", "2026-11-20T12"],
  );
});

/** The diagnosis of these lines, checked against its schema. */
function concluded(lines: readonly string[], reading: Partial<Reading> = {}) {
  const reader = createReader();
  for (const [i, line] of lines.entries()) reader.read(line, "a.log", i + 1);
  const whole = { files: 1, bytes: 0, broken: [], startedAt: new Date(), durationMs: 1, version: "0.0.0", ...reading };
  return diagnosisSchema.parse(conclude(reader.end(), whole));
}
