import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { refusalJunit, refusalSummary, tellGithubRefusal, writeRefusal } from "../../src/report/refusal.ts";
import { writeResult } from "../../src/report/write.ts";
import { scratchFolder } from "../parts/scratch.ts";
import { exampleResult } from "./example.ts";

const refusal = { command: "check", message: 'nothing listens at "a<b"\n::error::made up' };

test("Why there is no result is in junit.xml as an error, and in summary.md, and neither can be broken out of.", () => {
  assert.equal(refusalSummary(refusal), '## alb502 check: no verdict\n\nnothing listens at "a\\<b" ::error::made up\n');
  const xml = refusalJunit(refusal);
  assert.match(xml, /<testsuite name="alb502\.check" tests="1" failures="0" errors="1">/);
  assert.match(xml, /<error message="nothing listens at &quot;a&lt;b&quot; ::error::made up" type="no verdict">/);
});

test("They are left in --out's folder; an earlier run's result is left alone, save in CI, where it would pass for this one.", async (t) => {
  const folder = await scratchFolder(t);
  writeRefusal(join(folder, "new"), refusal, {});
  assert.deepEqual(readdirSync(join(folder, "new")).sort(), [".alb502", "junit.xml", "summary.md"]);

  const used = join(folder, "used");
  writeResult(used, exampleResult());
  const before = readFileSync(join(used, "junit.xml"), "utf8");
  writeRefusal(used, refusal, {});
  assert.equal(readFileSync(join(used, "junit.xml"), "utf8"), before);
  writeFileSync(join(used, "notes.txt"), "mine");
  writeRefusal(used, refusal, { CI: "true" });
  assert.deepEqual(readdirSync(used).sort(), [".alb502", "junit.xml", "notes.txt", "summary.md"]);
});

test("GitHub Actions gets an annotation of one line and a line on the job's page; elsewhere nothing is printed.", async (t) => {
  const page = join(await scratchFolder(t), "page");
  const told = (env: NodeJS.ProcessEnv): string[] => {
    const lines: string[] = [];
    const progress = {
      line: (text: string) => void lines.push(text),
      transient() {},
      paint: (_: unknown, x: string) => x,
    };
    tellGithubRefusal(refusal, progress, env);
    return lines;
  };
  assert.deepEqual(told({}), []);
  assert.deepEqual(told({ GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: page }), [
    '::error title=alb502 check%3A no verdict::nothing listens at "a<b"%0A::error::made up',
  ]);
  assert.equal(readFileSync(page, "utf8"), `${refusalSummary(refusal)}\n`);
});
