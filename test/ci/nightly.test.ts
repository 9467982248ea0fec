// npm test: early, since it runs a whole night's commands one after the other
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { resultSchema } from "../../src/record/result.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { livingWith } from "../living.ts";
import { needs } from "../needs.ts";
import { scratchFolder } from "../parts/scratch.ts";
import { jobEnv, runAsGithub, runSteps } from "./run-steps.ts";

const { test } = await needs("haproxy", "k6", "toxiproxy");

const ROOT = join(import.meta.dirname, "../..");
const NIGHTLY = await readFile(join(ROOT, ".github/workflows/nightly.yml"), "utf8");

// The very commands, in their order. Only where they write and which port the app takes is this test's own.
test("Every command of the nightly workflow passes here, and leaves its results.", async (t) => {
  const env = await nightlyEnvironment(t);
  const startMs = performance.now();
  for (const step of runSteps(NIGHTLY)) {
    await t.test(step.name, async (t) => {
      const { code, output } = await runAsGithub(step.run, { cwd: ROOT, env: { ...env, ...step.env } });
      assert.equal(code, 0, output);
      assert.doesNotMatch(output, /^::(error|warning)/m, "a green night is without complaints");
      t.diagnostic(`${((performance.now() - startMs) / 1000).toFixed(0)} s since the night began`);
    });
  }

  await t.test("The verdicts are reproduced, clean and lost, each with a JUnit file and a summary.", async () => {
    const found = await Promise.all(["demo", "with-fix", "without-fix"].map((name) => verdictIn(env.RESULTS, name)));
    assert.deepEqual(found, ["reproduced", "clean", "lost"]);
    const summary = await readFile(env.GITHUB_STEP_SUMMARY, "utf8");
    assert.deepEqual(summary.match(/^## alb502 .*/gm), [
      "## alb502 demo: reproduced",
      "## alb502 check: clean",
      "## alb502 check: lost",
    ]);
  });

  await t.test("Nothing is left running, the target app neither.", async () => {
    assert.deepEqual(await livingWith(`TMPDIR=${env.TMPDIR}`), []);
  });
});

/** This process's environment with the job's; what it starts is known by its TMPDIR, and ends with the test. */
async function nightlyEnvironment(t: TestContext) {
  const folder = await scratchFolder(t);
  const [port] = await freePorts(1);
  t.after(async () => {
    for (const { pid } of await livingWith(`TMPDIR=${folder}`)) process.kill(pid, "SIGKILL");
  });
  const job = jobEnv(NIGHTLY);
  assert.deepEqual(Object.keys(job), ["ALB502_RUNTIME", "PORT", "RESULTS"]);
  return {
    ...process.env,
    ...job,
    PORT: String(port),
    RESULTS: join(folder, "results"),
    TMPDIR: folder,
    GITHUB_ACTIONS: "true",
    GITHUB_STEP_SUMMARY: join(folder, "step-summary.md"),
  };
}

async function verdictIn(results: string, name: string): Promise<string> {
  for (const file of ["junit.xml", "summary.md"]) assert.ok(existsSync(join(results, name, file)), `${name}/${file}`);
  return resultSchema.parse(JSON.parse(await readFile(join(results, name, "result.json"), "utf8"))).verdict;
}
