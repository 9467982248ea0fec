import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnosis } from "../../src/diagnose/diagnosis.ts";
import { ticksUpTo } from "../../src/report/html/diagnosis/chart.ts";
import { diagnosisHtml } from "../../src/report/html/diagnosis/report.ts";
import { shareText } from "../../src/report/html/diagnosis/shares.ts";
import { spanText } from "../../src/report/html/diagnosis/time-axis.ts";
import {
  cleanDiagnosis,
  diagnosisExample,
  emptyDiagnosis,
  exampleTables,
  fullDiagnosis,
  hostileDiagnosis,
} from "./diagnosis-example.ts";
import { assertGolden } from "./golden.ts";
import { EVIL } from "./report-example.ts";

test("The report of a diagnosis with everything in it.", () => {
  assertGolden("diagnosis.html", diagnosisHtml(diagnosisExample(), exampleTables()));
});

const all: [string, Diagnosis][] = [
  ["a race", diagnosisExample()],
  ["a clean log", cleanDiagnosis()],
  ["an empty one", emptyDiagnosis()],
  ["a full one", fullDiagnosis()],
];
for (const [name, diagnosis] of all) {
  test(`The report of ${name} makes sense: verdict, no gap in a sentence, the whole diagnosis inside.`, () => {
    const page = diagnosisHtml(diagnosis, exampleTables());
    assert.doesNotMatch(textOf(page), /undefined|NaN|\bnull\b|\[object|Infinity/);
    assert.doesNotMatch(page, /(?:d|x|y|width|height|viewBox)="[^"]*(?:NaN|undefined|Infinity)/);
    assert.match(page, /<h1 id="verdict"/);
    assert.equal(page.includes('id="time"'), diagnosis.errors.lb > 0);
    assert.deepEqual(dataOf(page), diagnosis);
  });
}

test("It begins with how sure the race is, the reasons and what to do, the load balancer's causes first.", () => {
  const [race, ...others] = diagnosisExample().causes;
  for (const [sure, verdict] of [
    ["high", "Requests are lost to the keep-alive race."],
    ["medium", "Requests are probably lost to the keep-alive race."],
    ["low", "Requests may be lost to the keep-alive race; other causes fit as well."],
  ] as const) {
    const words = textOf(
      diagnosisHtml({ ...diagnosisExample(), causes: [{ ...race!, sure }, ...others] }, exampleTables()),
    );
    assert.ok(words.includes(verdict), verdict);
  }
  const words = textOf(diagnosisHtml(diagnosisExample(), exampleTables()));
  assert.match(words, /What to do next race : look at .* deploy : look at .* timeout : look at/);
  assert.match(words, /37 of the 49 errors that the load balancer made \(76 %\) look like the keep-alive race\./);
});

test("Whatever a log holds stays text: no tag, no attribute, no script, no end of the data.", () => {
  for (const evil of [
    EVIL,
    "::set-output name=x::y",
    "\u001b[31mred\u0007",
    '"><script>alert(1)</script>',
    "</script><img src=x onerror=alert(1)>",
    "{x}'`",
  ]) {
    const page = diagnosisHtml(hostileDiagnosis(evil), exampleTables(evil));
    assert.equal(page.match(/<script/g)!.length, 2);
    assert.equal(page.match(/<\/script/g)!.length, 2);
    assert.doesNotMatch(page, /<img|onerror="/);
    for (const control of ["\u001b", "\u0007"]) assert.ok(!page.includes(control));
  }
});

test("Ticks are whole, round, few, and reach the highest bar.", () => {
  for (const most of [0, 1, 2, 3, 5, 7, 10, 24, 43, 99, 101, 12_345, 999_999]) {
    const ticks = ticksUpTo(most);
    assert.ok(ticks.length >= 2 && ticks.length <= 6, `${most}: ${ticks.join(" ")}`);
    assert.ok(ticks.at(-1)! >= most && ticks.every(Number.isInteger), `${most}: ${ticks.join(" ")}`);
  }
});

test("A share is never 0 % of something, nor all of nearly all.", () => {
  assert.deepEqual(
    [
      shareText(0, 9),
      shareText(1, 900),
      shareText(450, 900),
      shareText(899, 900),
      shareText(900, 900),
      shareText(0, 0),
    ],
    ["0 %", "< 1 %", "50 %", "> 99 %", "100 %", "0 %"],
  );
});

test("The time that the bars stand for is told in words.", () => {
  const bucket = (at: string) => ({ at, requests: 1, failed: {} });
  const span = (stepMs: number, ...at: string[]) => spanText({ stepMs, buckets: at.map(bucket), targets: [] });
  assert.equal(
    span(300_000, "2026-11-20T06:00:00.000Z", "2026-11-20T06:05:00.000Z"),
    "2026-11-20 06:00 to 06:10 UTC, a bar for each 5 minutes",
  );
  assert.equal(
    span(86_400_000, "2026-11-20T00:00:00.000Z", "2026-11-21T00:00:00.000Z"),
    "2026-11-20 00:00 to 2026-11-22 00:00 UTC, a bar for each day",
  );
});

const textOf = (page: string): string =>
  page
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

const dataOf = (page: string): unknown =>
  JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)![1]!);
