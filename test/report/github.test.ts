import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Result } from "../../src/record/result.ts";
import { annotation, tellGithub } from "../../src/report/github.ts";
import { sentenceOf } from "../../src/report/sentence.ts";
import { markdownSummary } from "../../src/report/summary.ts";
import type { Progress } from "../../src/run/progress.ts";
import { scratchFolder } from "../parts/scratch.ts";
import { exampleResult, exampleRun } from "./example.ts";

const ADVICE = { headline: "Raise it to 65 s, in ms:", lines: ["server.keepAliveTimeout = 65000;"], source: "docs" };

test("The summary is appended to what the step's summary file holds, with or without annotations.", async (t) => {
  const file = await summaryFile(t, "# from an earlier command\n\n");
  const lines = tell(exampleResult(), { GITHUB_STEP_SUMMARY: file });
  assert.deepEqual(lines, []);
  assert.equal(
    await readFile(file, "utf8"),
    `# from an earlier command\n\n${markdownSummary(exampleResult(), "text")}\n`,
  );
});

test("A summary that cannot be written is one warning line, and the annotation still comes.", async (t) => {
  const GITHUB_STEP_SUMMARY = join(await scratchFolder(t), "no-such-folder", "summary.md");
  const lines = tell(exampleResult(), { GITHUB_STEP_SUMMARY, GITHUB_ACTIONS: "true" });
  assert.equal(lines.length, 2);
  assert.equal(lines[0], "warning: the job summary (GITHUB_STEP_SUMMARY) could not be written: ENOENT");
  assert.match(lines[1]!, /^::notice /);
});

test("Outside of GitHub nothing is printed.", () => {
  assert.deepEqual(tell(exampleResult(), {}), []);
  assert.deepEqual(tell(exampleResult(), { GITHUB_ACTIONS: "false", GITHUB_STEP_SUMMARY: "" }), []);
});

test("The annotation is one line: level, verdict as title, the sentence, and the advice where there is one.", () => {
  const result = check("lost", "clean");
  assert.equal(annotation(result), `::error title=alb502 check%3A lost::${escaped(sentenceOf(result))}`);
  const advised = annotation({ ...result, advice: ADVICE });
  assert.equal(advised, `${annotation(result)}%0ARaise it to 65 s, in ms:`);
  assert.deepEqual(tell(result, { GITHUB_ACTIONS: "true" }), [annotation(result)]);
});

test("What a target says of itself cannot end the line, the title or the message.", () => {
  const result = check("lost", "clean");
  result.runs[0]!.target.description = "50%,\r\n::error title=made up::of a target";
  const line = annotation(result);
  assert.match(line, /^::error title=[^:,]+::50%25,%0D%0A::error title=made up::of a target closes/);
  assert.doesNotMatch(line, /[\r\n]/);
});

const LEVELS: [string, Result, "error" | "warning" | "notice"][] = [
  ["a demo that reproduced it", exampleResult(), "notice"],
  ["a demo whose fix failed", { ...exampleResult(), verdict: "fix-failed" }, "error"],
  ["a demo that reproduced nothing", { ...exampleResult(), verdict: "not-reproduced" }, "error"],
  ["a check that found losses", check("lost", "clean"), "error"],
  ["a check that found none", check("clean", "clean"), "notice"],
  ["a check that found a race, unmet", { ...check("clean", "clean"), verdict: "vulnerable" }, "error"],
  ["a check that was to find losses, and did", check("lost", "lost"), "notice"],
  ["a check that was to find losses, and found a race", { ...check("clean", "lost"), verdict: "vulnerable" }, "notice"],
  ["a check that was to find losses, and did not", check("clean", "lost"), "error"],
  ["a check without evidence", check("inconclusive", "clean"), "warning"],
  ["a check without evidence that was to find losses", check("inconclusive", "lost"), "warning"],
];
for (const [what, result, level] of LEVELS) {
  test(`The annotation of ${what} has the level ${level}.`, () =>
    assert.match(annotation(result), new RegExp(`^::${level} title=`)));
}

for (const [verdict, level] of [
  ["vulnerable", "error"],
  ["safe", "notice"],
] as const) {
  test(`The annotation of a probe's verdict ${verdict} has the level ${level}.`, () => {
    const result: Result = { ...exampleResult(), command: "probe", verdict, runs: [], comparison: null };
    assert.match(annotation(result), new RegExp(`^::${level} title=alb502 probe%3A ${verdict}::`));
  });
}

function tell(result: Result, env: NodeJS.ProcessEnv): string[] {
  const lines: string[] = [];
  const progress: Progress = { line: (text) => void lines.push(text), transient: () => {}, paint: (_, text) => text };
  tellGithub(result, progress, env);
  return lines;
}

function check(verdict: "lost" | "clean" | "inconclusive", expect: "lost" | "clean"): Result {
  const run = { ...exampleRun("check", verdict === "lost" ? { lost: 40 } : { own: 40 }), verdict, expect };
  return { ...exampleResult(), command: "check", verdict, runs: [run], comparison: null, settings: { expect } };
}

async function summaryFile(t: TestContext, text: string): Promise<string> {
  const file = join(await scratchFolder(t), "summary.md");
  await writeFile(file, text);
  return file;
}

const escaped = (text: string): string => text.replaceAll("%", "%25");
