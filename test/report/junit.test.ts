import assert from "node:assert/strict";
import { test } from "node:test";
import { junitXml } from "../../src/report/junit.ts";
import { exampleResult, exampleRun } from "./example.ts";

test("A demo that shows what it should has one passed case for each run and one for the comparison.", () => {
  assert.equal(
    junitXml(exampleResult()),
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="alb502.demo" tests="3" failures="0" errors="0" time="18.400" timestamp="2026-01-31T09:15:00.000Z">
  <testcase classname="alb502.demo" name="before: requests are lost"/>
  <testcase classname="alb502.demo" name="after: no request is lost"/>
  <testcase classname="alb502.demo" name="the 502 happens before the fix and not after it"/>
</testsuite>
`,
  );
});

test("A loss where none was expected is a failure with its counts and the first ten requests.", () => {
  const run = exampleRun("check", { lost: 12, own: 28 });
  const xml = junitXml({ ...exampleResult(), command: "check", verdict: run.verdict, runs: [run], comparison: null });
  assert.match(xml, /tests="1" failures="1" errors="0"/);
  assert.match(xml, /<failure message="12 of 40 requests sent inside the window were lost, [^"]*" type="lost">/);
  assert.match(xml, /\nattempts 40, inWindow 40, lost 12, lostInWindow 12, own 28, /);
  assert.match(xml, /\nlost: lost-in-1 through n1, idle for 5998\.2 ms, 6160 ms into the run, status 502\n/);
  assert.equal(xml.match(/\nlost: /g)?.length, 10);
  assert.match(xml, /\n\.\.\. and 2 more, all in result\.json<\/failure>/);
});

test("No verdict is an error, not a failure.", () => {
  const run = exampleRun("check", { own: 3, down: 2 });
  const xml = junitXml({ ...exampleResult(), command: "check", verdict: run.verdict, runs: [run], comparison: null });
  assert.match(xml, /failures="0" errors="1"/);
  assert.match(xml, /<error message="2 of 5 attempts found the target down[^"]*" type="inconclusive">/);
});

test("A comparison that fails carries its p-value.", () => {
  const xml = junitXml({ ...exampleResult(), verdict: "fix-failed", reasons: ["After: 1 of 40 ..."] });
  assert.match(
    xml,
    /<failure message="After: 1 of 40 ..." type="fix-failed">After: 1 of 40 ...\nFisher's exact test, .* p = 2\.29/,
  );
});

test("Where a probe decides, its verdict is one case: vulnerable fails, safe passes, inconclusive is an error.", () => {
  const probed = { ...exampleResult(), command: "probe" as const, runs: [], comparison: null, reasons: ["Because."] };
  const name = `classname="alb502.probe" name="the target outlives the LB's idle timeout"`;
  const vulnerable = junitXml({ ...probed, verdict: "vulnerable" });
  assert.match(vulnerable, /tests="1" failures="1" errors="0"/);
  assert.ok(vulnerable.includes(name), vulnerable);
  assert.match(
    vulnerable,
    /<failure message="Because\." type="vulnerable">Because\.\nprobe: closed; vulnerable by 54 s</,
  );
  assert.ok(junitXml({ ...probed, verdict: "safe" }).includes(`<testcase ${name}/>`));
  assert.match(junitXml({ ...probed, verdict: "inconclusive" }), /failures="0" errors="1"/);
});

test("A check that the probe alone decides has the probe's case beside its run's.", () => {
  const run = exampleRun("check", { own: 40 });
  const xml = junitXml({ ...exampleResult(), command: "check", verdict: "vulnerable", runs: [run], comparison: null });
  assert.match(xml, /tests="2" failures="1" errors="0"/);
});

test("Markup is escaped, and what XML cannot hold is dropped: control characters, an unpaired surrogate.", () => {
  const run = exampleRun("check", { own: 3, down: 2 });
  run.reasons = ['a<b> & "c" \u0000\u0007\u001b[31m\uD800 \uFFFE é 😀\nnext'];
  const xml = junitXml({ ...exampleResult(), verdict: "inconclusive", runs: [run], comparison: null });
  assert.ok(xml.includes('message="a&lt;b&gt; &amp; &quot;c&quot; [31m  é 😀 next"'), xml);
  assert.ok(xml.includes("é 😀\nnext\nattempts 5"), xml);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
  assert.doesNotMatch(xml, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
});
