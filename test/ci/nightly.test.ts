// npm test: early, since it runs a whole night's commands one after the other
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { jobEnv, type RunStep, runAsGithub, runSteps } from "../../bench/ci-job/steps.ts";
import { resultSchema } from "../../src/record/result.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { livingWith } from "../living.ts";
import { needs } from "../needs.ts";
import { scratchFolder } from "../parts/scratch.ts";

const { test } = await needs("haproxy", "k6", "toxiproxy");

const ROOT = join(import.meta.dirname, "../..");
/** The folders that the night's steps leave, in their order. */
const NIGHT = ["demo", "with-fix", "without-fix"];
const NIGHTLY = await readFile(join(ROOT, ".github/workflows/nightly.yml"), "utf8");

// The very commands. Only where they write and which ports the app takes are this test's own; and what the night does one
// by one is done here side by side, as it mostly waits.
test("Every command of the nightly workflow passes here, and leaves its results.", async (t) => {
  const env = await nightlyEnvironment(t);
  const steps = runSteps(NIGHTLY);
  const firstAt = steps.findIndex(({ run }) => run.includes("--out"));
  assert.equal(steps.length - firstAt, NIGHT.length);
  const run = async (step: RunStep, PORT: string) => {
    const { code, output } = await runAsGithub(step.run, { cwd: ROOT, env: { ...env, ...step.env, PORT } });
    assert.equal(code, 0, `${step.name}: ${output}`);
    assert.doesNotMatch(output, /^::(error|warning)/m, "a green night is without complaints");
  };
  for (const step of steps.slice(0, firstAt)) await run(step, "");
  const ports = await freePorts(NIGHT.length);
  await Promise.all(steps.slice(firstAt).map((step, i) => run(step, String(ports[i]))));

  await t.test("The verdicts are reproduced, clean and lost, each with a JUnit file and a summary.", async () => {
    const found = await Promise.all(NIGHT.map((name) => verdictIn(env.RESULTS, name)));
    assert.deepEqual(found, ["reproduced", "clean", "lost"]);
    const summary = await readFile(env.GITHUB_STEP_SUMMARY, "utf8");
    assert.deepEqual(summary.match(/^## alb502 .*/gm)?.sort(), [
      "## alb502 check: clean",
      "## alb502 check: lost",
      "## alb502 demo: reproduced",
    ]);
  });

  await t.test("Nothing is left running, the target app neither.", async () => {
    assert.deepEqual(await livingWith(`TMPDIR=${env.TMPDIR}`), []);
  });
});

/** This process's environment with the job's; what it starts is known by its TMPDIR, and ends with the test. */
async function nightlyEnvironment(t: TestContext) {
  const folder = await scratchFolder(t);
  t.after(async () => {
    for (const { pid } of await livingWith(`TMPDIR=${folder}`)) process.kill(pid, "SIGKILL");
  });
  const job = jobEnv(NIGHTLY);
  assert.deepEqual(Object.keys(job), ["ALB502_RUNTIME", "PORT", "RESULTS"]);
  return {
    ...process.env,
    ...job,
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
