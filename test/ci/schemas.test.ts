import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Ajv, type ValidateFunction } from "ajv";
import { parse } from "yaml";
import { blockFor, componentJobs } from "../../bench/ci-job/guide.ts";
import { fastLane } from "../../scripts/parts-for-tests.ts";
import { EnvironmentError } from "../../src/run/exit.ts";
import { createProgress } from "../../src/run/progress.ts";
import { ROOT } from "../../src/run/root.ts";
import { scratchFolder } from "../parts/scratch.ts";
import { pythonPackages } from "../servers/python/packages.ts";

const guide = await readFile(join(ROOT, "docs/ci.md"), "utf8");

// GitHub's files are actionlint's to judge. Nothing but Jenkins itself knows what a Jenkinsfile may hold.
test("GitLab's and CircleCI's own schemas have nothing to say about our files, and do about a wrong word.", {
  skip: fastLane,
}, async (t) => {
  const folder = await schemas(t);
  if (folder === null) return;
  const [gitlab, circleci] = await Promise.all(["gitlab-ci", "circle-ci"].map((name) => validator(folder, name)));
  const component = await readFile(join(ROOT, "templates/alb502.yml"), "utf8");
  const jobs = componentJobs(component, { url: "http://localhost:3000", start: "npm start" });
  const include = parse(blockFor(guide, ".gitlab-ci.yml"));
  const config = parse(blockFor(guide, ".circleci/config.yml"));
  for (const [validate, file] of [
    [gitlab, jobs],
    [gitlab, include],
    [circleci, config],
  ] as const) {
    assert.ok(validate!(file), JSON.stringify(validate!.errors, null, 2));
  }
  assert.ok(!gitlab!({ alb502: { ...jobs.alb502, retry: { max: 1, exit_code: 3 } } }));
  assert.ok(!circleci!({ ...config, jobs: { "keep-alive": { docker: [], step: [] } } }));
});

/** The folder in which the package check-jsonschema has them; null where it cannot be had, and the test is skipped. */
async function schemas(t: TestContext): Promise<string | null> {
  const run = {
    signal: t.signal,
    progress: createProgress(process.stderr),
    folder: await scratchFolder(t),
    defer() {},
  };
  try {
    const { site } = await pythonPackages(run);
    return join(site, "check_jsonschema/builtin_schemas/vendor");
  } catch (error) {
    if (process.env.CI || !(error instanceof EnvironmentError)) throw error;
    t.skip(error.message);
    return null;
  }
}

async function validator(folder: string, name: string): Promise<ValidateFunction> {
  const schema = JSON.parse(await readFile(join(folder, `${name}.json`), "utf8"));
  return new Ajv({ strict: false, validateFormats: false }).compile(schema);
}
