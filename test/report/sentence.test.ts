import assert from "node:assert/strict";
import { test } from "node:test";
import type { Result, ResultControl } from "../../src/record/result.ts";
import { headlineOf } from "../../src/report/headline.ts";
import { inPlainWords } from "../../src/report/html/plain.ts";
import { capitalised, sentenceOf } from "../../src/report/sentence.ts";
import { exampleResult, exampleRun } from "./example.ts";

const demo = exampleResult();
const [before, after] = demo.runs as [Result["runs"][0], Result["runs"][0]];
const check = (run: Result["runs"][0], probe: Partial<Result["probe"]> = {}): Result => ({
  ...demo,
  command: "check",
  verdict: run.verdict,
  reasons: run.reasons,
  probe: { ...demo.probe, ...probe },
  runs: [run],
  comparison: null,
});

test("A reproduced 502 reads as cause, count before and count with the target's fix.", () => {
  assert.equal(
    sentenceOf(demo),
    "Node 20.20.2 closes idle connections at 6.00 s, the LB keeps them 60 s: 37 of 40 requests sent in that instant were lost; with keepAliveTimeout 65 s, 0 of 40.",
  );
});

test("A fix on the LB's side names the LB's timeout.", () => {
  const fixed = { ...exampleRun("after", { fresh: 40 }, { fresh: 20 }), lbIdleTimeoutMs: 4000 };
  assert.match(
    sentenceOf({ ...demo, runs: [before, fixed] }),
    /were lost; with the LB's idle timeout lowered to 4 s, 0 of 40\.$/,
  );
});

test("A fix that fails counts all that it still lost.", () => {
  const failing = { ...after, lost: 3, lostInWindow: 1 };
  assert.match(
    sentenceOf({ ...demo, verdict: "fix-failed", runs: [before, failing] }),
    /; with keepAliveTimeout 65 s, still 3 of 60: this fix does not hold\.$/,
  );
});

test("A 502 that was not reproduced is reported as such.", () => {
  const sound = exampleRun("before", { own: 40 });
  assert.match(
    sentenceOf({ ...demo, verdict: "not-reproduced", runs: [sound, after] }),
    /, yet 0 of 40 requests sent in that instant were lost: the 502 was not reproduced\.$/,
  );
});

test("An inconclusive result gives its first reason, with or without runs.", () => {
  const inconclusive = { ...demo, verdict: "inconclusive", reasons: ["Before: 3 of 60 ...", "second"] } as const;
  const result = { ...inconclusive, reasons: [...inconclusive.reasons] };
  assert.equal(sentenceOf(result), "Inconclusive. Before: 3 of 60 ...");
  assert.equal(sentenceOf({ ...result, runs: [] }), "Inconclusive. Before: 3 of 60 ...");
});

test("A headline has the verdict before the sentence, once.", () => {
  assert.match(headlineOf(demo), /^REPRODUCED\. Node 20\.20\.2 closes idle connections at 6\.00 s, /);
  const inconclusive: Result = { ...demo, verdict: "inconclusive", reasons: ["The target died."], runs: [] };
  assert.equal(headlineOf(inconclusive), "Inconclusive. The target died.");
  assert.equal(headlineOf({ ...inconclusive, runs: demo.runs }), sentenceOf(inconclusive));
});

test("A reason begins as a sentence does, where k6 is written small.", () => {
  assert.deepEqual(
    ["the target answers 500", "--max-wait was over", "k6 ended early", "127.0.0.1:1 did not answer", ""].map(
      capitalised,
    ),
    ["The target answers 500", "--max-wait was over", "k6 ended early", "127.0.0.1:1 did not answer", ""],
  );
});

test("A check of one target counts its losses; without any it says what that rests on.", () => {
  assert.match(sentenceOf(check(exampleRun("check", { lost: 37, own: 3 }))), /60 s: 37 of 40 requests .* were lost\.$/);
  assert.equal(
    sentenceOf(check(exampleRun("check", { own: 40 }), { idleCloseMs: 66_000.2, watchedMs: 61_000, minMs: 60_900 })),
    "Node 20.20.2 closes idle connections at 66.00 s, the LB keeps them 60 s: 0 of 40 aimed requests were lost; 12 connections watched for 61.00 s, the first closed after 60.90 s.",
  );
});

const controlled = (aim: "close" | "clock", control: Partial<ResultControl> = {}): Result => ({
  ...check(
    {
      ...exampleRun("check", { own: 7 }),
      aim,
      window: [{ fromMs: 59_750, toMs: 59_750, kind: "last-reuse", source: "the LB's last reuse" }],
      verdict: "clean",
    },
    { kind: "outlives", idleCloseMs: null, connections: 3, outcome: "open after 61.00 s" },
  ),
  control: { ...exampleRun("control", { lost: 10 }), idleCloseMs: 2003.4, ...control },
});

test("A clean check with a control says what the control lost.", () => {
  assert.equal(
    headlineOf(controlled("close")),
    "CLEAN. Node 20.20.2 keeps idle connections longer than the LB's 60 s: 0 of 7 requests at the LB's last reuse were lost; 3 connections watched: open after 61.00 s; the control, the same set-up in front of a target that closes after 2 s, lost 10 of 10.",
  );
  assert.match(
    sentenceOf(controlled("close", { lostInWindow: 9, idleCloseMs: null })),
    /that closes first, lost 9 of 10\.$/,
  );
});

test("A clean check by the clock says nothing of the control, which is aimed differently.", () => {
  assert.match(
    sentenceOf(controlled("clock")),
    /60 s: 0 of 7 requests at the LB's last reuse were lost; 3 connections watched: open after 61\.00 s\.$/,
  );
});

test("The report counts the control's losses in the words of a newcomer.", () => {
  assert.equal(
    inPlainWords(controlled("close")).cause.at(-1),
    "0 of 7 aimed requests were lost, while the control, the same set-up in front of a server that closes after 2 s, lost 10 of 10.",
  );
  assert.match(inPlainWords(controlled("clock")).cause.at(-1)!, /^0 of 7 aimed requests were lost\.$/);
});

test("No idle close is claimed where none was measured, and losses that were not aimed are counted over all requests.", () => {
  const clean = sentenceOf(check(exampleRun("check", { own: 40 }), { idleCloseMs: null, outcome: "outlives the LB" }));
  assert.match(
    clean,
    /^No idle close of Node 20\.20\.2 was measured \(outlives the LB\), the LB keeps connections 60 s: 0 of/,
  );
  assert.match(sentenceOf(check(exampleRun("check", {}, { lost: 2, own: 38 }))), /60 s: 2 of 40 requests were lost\.$/);
});

test("A probe's sentence is its first reason.", () => {
  const reasons = ["Express closes idle connections after 6.00 s.", "second"];
  for (const verdict of ["vulnerable", "safe"] as const) {
    assert.equal(sentenceOf({ ...demo, command: "probe", verdict, reasons, runs: [] }), reasons[0]);
  }
});
