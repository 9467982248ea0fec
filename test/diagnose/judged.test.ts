import assert from "node:assert/strict";
import { test } from "node:test";
import { conclude } from "../../src/diagnose/conclude.ts";
import { type Diagnosis, diagnosisSchema } from "../../src/diagnose/diagnosis.ts";
import { createReader } from "../../src/diagnose/tally.ts";
import { lineOf } from "../alb-log/samples.ts";

const GOOD = { times: "0.000 0.003 0.000", status: "200", targetStatus: "200" };
const RACE = { times: "0.001 0.003 -1" };
const START_MS = Date.parse("2026-11-20T10:00:00Z");

test("At a share that ordinary traffic loses a race is as sure as its lines are; at more it is less so, and says why.", () => {
  const at = (everyNth: number) => diagnosed(evenly(20_000, (i) => (i % everyNth === 2 ? RACE : GOOD)));
  assert.equal(sureOf(at(2000)), "high", "0.05 %");
  assert.equal(sureOf(at(250)), "high", "0.4 %");
  assert.equal(sureOf(at(100)), "medium", "1 %");
  for (const everyNth of [20, 10, 5, 3]) {
    const { reasons } = at(everyNth);
    assert.equal(sureOf(at(everyNth)), "low", `1 in ${everyNth}`);
    assert.match(reasons[0]!, /look like the keep-alive race, each line by itself \(sure: low\)/);
    assert.match(reasons[1]!, /^[\d.]+ % of all requests is more than a race can take of ordinary traffic/);
  }
});

test("Where more requests fail than are answered, there is no race: the target's answer is none.", () => {
  for (const failing of [0.6, 0.9, 1]) {
    const { verdict, reasons, causes } = diagnosed(evenly(500, (i) => (i % 10 < failing * 10 ? RACE : GOOD)));
    assert.equal(verdict, "errors");
    assert.deepEqual(
      causes.map(({ kind, count }) => [kind, count]),
      [["bad-answer", failing * 500]],
    );
    assert.match(reasons[0]!, /were closed at once without an answer: too many for the keep-alive race\.$/);
    assert.match(causes[0]!.next, /headers over 32 kB or malformed, HTTP\/2 or TLS spoken on one side only/);
  }
});

test("One target of several that fails always is no race, while the others' races stay.", () => {
  const lines = evenly(9000, (i) => {
    const target = `10.0.0.${1 + (i % 3)}:80`;
    return { ...(target.startsWith("10.0.0.3") || i % 999 === 0 ? RACE : GOOD), target };
  });
  const { verdict, causes, targets, reasons } = diagnosed(lines);
  assert.equal(verdict, "race");
  assert.deepEqual(
    causes.map(({ kind, count }) => [kind, count]),
    [
      ["bad-answer", 3000],
      ["race", 10],
    ],
  );
  assert.equal(causes[1]!.sure, "high");
  assert.match(causes[0]!.why, /too often for one: 3000 of 3000 requests to 10\.0\.0\.3:80/);
  assert.deepEqual(targets.listed[0], { name: "10.0.0.3:80", requests: 3000, failed: { "bad-answer": 3000 } });
  assert.ok(reasons.includes("The LB made 3000 other 5xx: bad-answer 3000."));
});

test("One rarely used route that fails always is no race, and its lines are quoted under what it is.", () => {
  const lines = evenly(5000, (i) => (i % 50 === 0 ? { ...RACE, path: "/export" } : GOOD));
  const { verdict, causes, routes, hours } = diagnosed(lines);
  assert.equal(verdict, "errors");
  assert.deepEqual(
    causes.map(({ kind, count }) => [kind, count]),
    [["bad-answer", 100]],
  );
  assert.equal(causes[0]!.quotes.length, 5);
  assert.deepEqual(routes.listed[0], { name: "/export", requests: 100, failed: { "bad-answer": 100 } });
  assert.equal(
    hours.listed.reduce((sum, { failed }) => sum + (failed["bad-answer"] ?? 0), 0),
    100,
  );
});

test("A poller that loses every third request may be one in a race: low, with its period.", () => {
  // Asked every 6 s among other traffic.
  const lines = evenly(
    20_000,
    (i) => (i % 60 === 0 ? { ...(i % 180 === 0 ? RACE : GOOD), path: "/poll" } : { ...GOOD, path: "/" }),
    100,
  );
  const { verdict, causes } = diagnosed(lines);
  assert.deepEqual([verdict, causes[0]!.kind, causes[0]!.sure], ["race", "race", "low"]);
  assert.match(causes[0]!.doubts[0]!, /^34 % of the requests for \/poll, asked every 6\.0 s on average/);
});

test("A restart in place, which closes connections and refuses others within a minute, is no race.", () => {
  const lines = evenly(7200, (i) => {
    if (i >= 3000 && i < 3012) return i % 3 === 0 ? RACE : { times: "-1 -1 -1" };
    return i % 1800 === 9 ? RACE : GOOD;
  });
  const { causes, reasons } = diagnosed(lines);
  assert.deepEqual(
    causes.map(({ kind, count }) => [kind, count]),
    [
      ["deploy", 12],
      ["race", 4],
    ],
  );
  assert.match(
    causes[0]!.why,
    /^12 came within minutes in which a target both closed connections and refused new ones/,
  );
  assert.match(reasons[0]!, /^4 of 7200 requests/);
});

test("Races that all came within a few minutes are less sure.", () => {
  const { causes } = diagnosed(evenly(20_000, (i) => (i >= 600 && i < 630 && i % 2 === 0 ? RACE : GOOD)));
  assert.deepEqual([causes[0]!.kind, causes[0]!.count, causes[0]!.sure], ["race", 15, "medium"]);
  assert.match(causes[0]!.doubts[0]!, /15 came within a few minutes, as when a target is restarted/);
});

test("A log of errors only gives no share: few lines, lines far apart, several causes, or a grep's file names.", () => {
  const TIMEOUT = { status: "504", times: "0.000 -1 -1" };
  const logs: Record<string, string[]> = {
    few: evenly(12, () => RACE),
    "far apart": evenly(300, () => RACE, 60_000),
    several: evenly(300, (i) => (i % 2 === 0 ? RACE : TIMEOUT)),
    grepped: evenly(300, () => RACE).map((line) => `a/b_app.x_20261120T1005Z.log.gz:${line}`),
    "with a success of 502 bytes": [
      ...evenly(300, () => RACE),
      ...evenly(9, () => GOOD).map((line) => line.replace(" 723 679 ", " 723 502 ")),
    ],
  };
  for (const [name, lines] of Object.entries(logs)) {
    const { verdict, input, reasons, causes } = diagnosed(lines);
    assert.equal(verdict, "race", name);
    assert.equal(input.onlyErrors, true, name);
    assert.equal(causes.find(({ kind }) => kind === "race")!.sure, "medium", name);
    assert.match(reasons[0]!, /^\d+ requests were lost to the keep-alive race/, name);
    assert.match(reasons.join(" "), /holds errors only, as a grep leaves them/, name);
    assert.doesNotMatch(JSON.stringify([reasons, causes.map(({ doubts }) => doubts)]), /%/, name);
  }
  const { input } = diagnosed(evenly(300, (i) => (i === 0 ? GOOD : RACE)));
  assert.equal(input.onlyErrors, false, "a single success shows that it is whole");
});

test("Where nothing works for a whole log there is no share either, and no race.", () => {
  const { verdict, input, reasons } = diagnosed(evenly(300, () => RACE));
  assert.deepEqual([verdict, input.onlyErrors], ["errors", true]);
  assert.match(reasons.join(" "), /nothing worked at that time\. If it holds errors only, .* diagnose the whole log/);
});

test("Many other failures and one line that may be a race are no log of a race; one likely race is.", () => {
  const TIMEOUT = { status: "504", times: "0.000 -1 -1" };
  const of = (race: object) => diagnosed(evenly(2000, (i) => (i === 5 ? race : i % 40 === 0 ? TIMEOUT : GOOD)));
  const unlikely = of({ times: "0.001 0.080 -1" });
  assert.equal(unlikely.verdict, "errors");
  assert.equal(unlikely.reasons[0], "1 of the LB's 51 5xx may be the keep-alive race (sure: low): timeout 50, race 1.");
  assert.equal(of(RACE).verdict, "race");
});

test("A log in which every kind is moved still adds up, in every list.", () => {
  const lines = evenly(3000, (i) => ({
    ...(i % 3 === 0 || i % 100 === 1 ? RACE : i % 50 === 2 ? { times: "-1 -1 -1" } : GOOD),
    target: `10.0.0.${i % 3}:80`,
    path: i % 100 === 1 ? "/export" : "/",
  }));
  const { errors, causes, targets, hours, routes, series } = diagnosed(lines);
  const all = causes.reduce((sum, { count }) => sum + count, 0);
  assert.equal(all, errors.all);
  for (const list of [targets.listed, hours.listed, routes.listed, series!.buckets])
    for (const { kind, count } of causes)
      assert.equal(
        list.reduce((sum, { failed }) => sum + (failed[kind] ?? 0), 0),
        count,
        kind,
      );
});

const sureOf = ({ causes }: Diagnosis): string | undefined => causes.find(({ kind }) => kind === "race")?.sure;

/** Lines at one distance, in ms. */
const evenly = (count: number, of: (i: number) => Parameters<typeof lineOf>[0], apartMs = 1000): string[] =>
  Array.from({ length: count }, (_, i) => lineOf({ ...of(i), time: new Date(START_MS + i * apartMs).toISOString() }));

function diagnosed(lines: readonly string[]): Diagnosis {
  const reader = createReader();
  for (const [i, line] of lines.entries()) reader.read(line, "a.log", i + 1);
  const reading = { files: 1, bytes: 0, broken: [], startedAt: new Date(), durationMs: 1, version: "0.0.0" };
  return diagnosisSchema.parse(conclude(reader.end(), reading));
}
