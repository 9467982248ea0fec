import assert from "node:assert/strict";
import { test } from "node:test";
import { sentenceOf } from "../../src/report/sentence.ts";
import { markdownSummary } from "../../src/report/summary.ts";
import { exampleResult } from "./example.ts";

test("The summary holds the verdict, the sentence, the runs as a Markdown table, versions and settings.", () => {
  const result = exampleResult();
  const lines = markdownSummary(result).split("\n");
  assert.equal(lines[0], "## alb502 demo: reproduced");
  assert.equal(lines[2], sentenceOf(result));
  assert.deepEqual(lines.slice(4, 8), [
    "| run | attempts | in window | lost there | loss rate (95 %) | lost in all | reused | fresh |",
    "|---|---:|---:|---:|---:|---:|---:|---:|",
    "| before | 60 | 40 | 37 | 92.5 % (79.6-98.4 %) | 38 | 11 | 11 |",
    "| after | 60 | 40 | 0 | 0 % (0-8.8 %) | 0 | 60 | 0 |",
  ]);
  assert.ok(lines.includes("Versions: alb502 0.1.0, node 20.20.2, haproxy 3.2.26, k6 2.2.0, toxiproxy 2.12.0  "));
  assert.ok(lines.includes("Settings: rtt 2, method GET, fix target, json false, port -, header a  "));
});

test("Text from outside breaks no line and no table, and does not turn into HTML.", () => {
  const result = exampleResult();
  result.runs[0]!.name = "be|fore\n<b>";
  result.settings = { "--path": "/a_b*c`d\n# heading" };
  const summary = markdownSummary(result);
  assert.match(summary, /^\| be\\\|fore \\<b> \| 60 \|/m);
  assert.match(summary, /^Settings: --path \/a\\_b\\\*c\\`d # heading {2}$/m);
});

test("A result without runs still reads.", () => {
  const result = {
    ...exampleResult(),
    verdict: "inconclusive" as const,
    reasons: ["The target is not there."],
    runs: [],
  };
  assert.match(
    markdownSummary(result),
    /: inconclusive\n\nInconclusive\. The target is not there\.\n\nNo request was aimed\.\n/,
  );
  assert.doesNotMatch(markdownSummary(result), /^- /m, "the reason is not said twice");
});

test("A probe's measurements are a table, and its advice is a block of code.", () => {
  const example = exampleResult();
  const summary = markdownSummary({
    ...example,
    command: "probe",
    verdict: "vulnerable",
    probe: { ...example.probe, requestLimit: { requests: 100, announced: false } },
    reasons: ["It can lose requests."],
    advice: { headline: "Keep them *longer*", lines: ["a | b", "# c"], source: "https://example.com/doc" },
    runs: [],
  });
  const lines = summary.split("\n");
  assert.match(lines[4]!, /^\| idle connections \| idle close \| spread /);
  assert.equal(lines[6], "| closed | 6.00 s | 0.7 ms | 5.00 s | 60 s | - | 100, unannounced |");
  assert.ok(
    summary.includes("\n\n**Keep them \\*longer\\***\n\n    a | b\n    # c\n\nSource: https://example.com/doc\n\n"),
    summary,
  );
});
