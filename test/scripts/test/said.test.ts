import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { closing, readSaid } from "../../../scripts/test/said.ts";
import { scratchFolder } from "../../parts/scratch.ts";

test("The closing lines of several files are those of Node's runner: failures again, and how many there were.", async (t) => {
  const good = await run(t, 'test("One.", () => {}); test("Two.", { skip: true });');
  const bad = await run(t, 'test("Three.", () => { throw new Error("because"); });');
  assert.match(good.body, /^✔ One\. \([\d.]+ms\)\n﹣ Two\. .*# SKIP$/);
  assert.equal(good.failures, "");
  assert.match(bad.failures, /✖ Three\. .*\n +Error: because\n/);
  const lines = closing([good, bad], 1234.5).split("\n");
  assert.deepEqual(lines.slice(-8), [
    "ℹ tests 3",
    "ℹ suites 0",
    "ℹ pass 1",
    "ℹ fail 1",
    "ℹ cancelled 0",
    "ℹ skipped 1",
    "ℹ todo 0",
    "ℹ duration_ms 1235",
  ]);
  assert.deepEqual(lines.slice(1, 4), ["✖ failing tests:", "", "a.test.mjs"]);
});

test("A file that throws, exits or is killed before its tests have ended is a failure, even with exit code 0.", async (t) => {
  for (const [code, why] of [
    ['throw new Error("at once");', /^✖ a\.test\.mjs ended with 1\b/],
    ['test("It exits.", () => process.exit(0));', /^✖ a\.test\.mjs ended with 0\b/],
    ['test("It is killed.", () => process.kill(process.pid, "SIGKILL"));', /^✖ a\.test\.mjs ended with a signal\b/],
    ["", /^✖ a\.test\.mjs ended with 0, before its tests were counted/],
  ] as const) {
    const said = await run(t, code);
    assert.match(said.failures, why, code);
    assert.ok(said.counts.fail! >= 1, code);
    assert.match(closing([said], 1), /^ℹ fail [1-9]/m);
  }
});

test("What a test prints that looks like a count is overruled by the count at the end.", async (t) => {
  const { counts } = await run(t, 'console.log("ℹ tests 99"); test("One.", () => {});');
  assert.deepEqual([counts.tests, counts.pass, counts.fail], [1, 1, 0]);
});

/** What scripts/test/run-test-files.ts makes of a file with this code. */
async function run(t: TestContext, code: string) {
  const file = join(await scratchFolder(t), "a.test.mjs");
  await writeFile(file, `import { test } from "node:test";\n${code}`);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--test-reporter=spec", file], {
    encoding: "utf8",
    env,
  });
  return readSaid("a.test.mjs", stdout + stderr, status);
}
