import assert from "node:assert/strict";
import { test } from "node:test";
import type { Result } from "../../src/record/result.ts";
import { headlineOf } from "../../src/report/headline.ts";
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

test("What was not reproduced is said as such.", () => {
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

test("A check of one target counts its losses; without any it says what the count excludes.", () => {
  assert.match(sentenceOf(check(exampleRun("check", { lost: 37, own: 3 }))), /60 s: 37 of 40 requests .* were lost\.$/);
  assert.equal(
    sentenceOf(check(exampleRun("check", { own: 40 }), { idleCloseMs: 66_000.2 })),
    "Node 20.20.2 closes idle connections at 66.00 s, the LB keeps them 60 s: 0 of 40 aimed requests were lost (which leaves 8.8 % of requests at that worst moment at most, with 95 % confidence).",
  );
});

test("A target whose idle close was not seen is not given one; losses that were not aimed are counted over all.", () => {
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
