import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { blocksOf } from "../../bench/ci-job/guide.ts";
import { inputsOf, runSteps } from "../../bench/ci-job/steps.ts";
import { fastLane } from "../../scripts/parts-for-tests.ts";
import { ensureParts } from "../../src/parts/ensure-parts.ts";
import { findGo } from "../../src/parts/find-go.ts";
import { findPart } from "../../src/parts/find-part.ts";
import { createProgress } from "../../src/run/progress.ts";
import { scratchFolder } from "../parts/scratch.ts";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(ROOT, ".github/workflows");

const workflows = (await readdir(FOLDER)).filter((file) => file.endsWith(".yml"));
const workflowTexts = await Promise.all(workflows.map((file) => readFile(join(FOLDER, file), "utf8")));
const action = await readFile(join(ROOT, "action.yml"), "utf8");
const guide = await readFile(join(ROOT, "docs/ci.md"), "utf8");

describe("actionlint", { skip: fastLane || (await missing()) }, () => {
  for (const [i, file] of workflows.entries()) {
    test(`has nothing to say about ${file}.`, async (t) => assert.equal(await lint(t, workflowTexts[i]!), ""));
  }

  // It reads an action's inputs where a workflow uses it by its folder, so ours is checked with them.
  const jobs = jobsOf(guide).map((job) => job.replaceAll(/uses: OWNER\/alb502@\S+/g, "uses: ./"));
  for (const [i, job] of jobs.entries()) {
    test(`has nothing to say about job ${i + 1} of docs/ci.md, nor about action.yml as it uses it.`, async (t) =>
      assert.equal(await lint(t, job), ""));
  }

  test("names an input that the action does not have: so it does read action.yml.", async (t) => {
    const said = await lint(t, jobs.find((job) => job.includes("uses: ./"))!.replace("url:", "uri:"));
    assert.match(said, /input "uri" is not defined in action "alb502"/);
  });
});

test("docs/ci.md has jobs to paste, and one uses the action.", () => {
  const jobs = jobsOf(guide);
  assert.ok(jobs.length >= 2);
  assert.ok(jobs.some((job) => job.includes("uses: OWNER/alb502@")));
});

test("The alb502 that the examples fetch is this one.", async () => {
  const component = await readFile(join(ROOT, "templates/alb502.yml"), "utf8");
  const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { version: string };
  const named = `${guide}${component}`.match(/\balb502@\d[\w.-]*/g) ?? [];
  assert.deepEqual([...new Set(named)], ["alb502@1", `alb502@${version}`]);
});

test("No script has an expression in it, whose value would be shell code there.", () => {
  for (const text of [...workflowTexts, action, ...jobsOf(guide)]) {
    for (const { name, run } of runSteps(text)) assert.ok(!run.includes("${{"), name);
  }
});

test("Every action that is used is pinned to a commit, its version beside it.", () => {
  const used = [...workflowTexts, action].flatMap((text) => text.match(/uses: .*/g) ?? []);
  assert.ok(used.length > 0);
  for (const line of used) assert.match(line, /^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test("Every workflow may read the repository and nothing else, and leaves no credentials beside the checkout.", () => {
  for (const [i, text] of workflowTexts.entries()) {
    assert.match(text, /^permissions:\n {2}contents: read\n\n/m, workflows[i]);
    const checkouts = text.match(/uses: actions\/checkout@.*\n {8}with:\n {10}persist-credentials: false\n/g) ?? [];
    assert.equal(checkouts.length, text.match(/uses: actions\/checkout@/g)?.length, workflows[i]);
  }
});

test("A push is tested in the fast lane, and when that is green, by all that npm test runs, containers included.", () => {
  const ci = workflowTexts[workflows.indexOf("ci.yml")]!;
  const tests = runSteps(ci).filter(({ run }) => run.includes("npm test"));
  assert.deepEqual(
    tests.map(({ run }) => run),
    ["npm test -- --fast", "npm test"],
  );
  assert.match(ci, /^ {2}whole:\n {4}needs: fast$/m);
  assert.match(tests[1]!.env.ALB502_TEST_DOCKER ?? "", /^required\b/);
});

test("Every input of the action reaches the check, or the comment.", () => {
  const names = Object.keys(inputsOf(action));
  assert.ok(names.length > 10);
  const steps = runSteps(action);
  const check = steps.find(({ name }) => name === "check")!;
  const { ALB502_RUNTIME, ...env } = check.env;
  assert.equal(ALB502_RUNTIME, "native", "what its steps set up is what is used");
  for (const variable of Object.keys(env)) assert.ok(check.run.includes(`"$${variable}"`), variable);
  const ofComment = ["comment", "token"];
  assert.deepEqual(
    Object.values(env),
    names.filter((name) => !ofComment.includes(name)).map((name) => `\${{ inputs.${name} }}`),
  );
  assert.equal(steps.find(({ name }) => name === "comment")!.env.GITHUB_TOKEN, `\${{ inputs.token }}`);
  assert.match(action, /- id: comment\n {6}if: \$\{\{ !cancelled\(\) && inputs\.comment == 'true' \}\}/);
  assert.ok(!check.run.includes("TOKEN"), "the app and the check have no token");
});

/** The GitHub workflows that the guide gives to paste. */
function jobsOf(markdown: string): string[] {
  return blocksOf(markdown).flatMap(({ file, text }) => (file.startsWith(".github/workflows/") ? [text] : []));
}

/** What actionlint says about a workflow that lies in a repository with our action; "" when all is well. */
async function lint(t: TestContext, workflow: string): Promise<string> {
  const { actionlint } = await ensureParts(["actionlint"], createProgress(process.stderr), t.signal);
  const repository = await scratchFolder(t);
  // By these two it knows a repository, and only in one does it read the actions that `./` names.
  await mkdir(join(repository, ".git"));
  await mkdir(join(repository, ".github/workflows"), { recursive: true });
  await writeFile(join(repository, ".github/workflows/one.yml"), workflow);
  await writeFile(join(repository, "action.yml"), action);
  const { stdout, stderr } = spawnSync(actionlint.path, ["-no-color"], { cwd: repository, encoding: "utf8" });
  return stdout + stderr;
}

/** Why actionlint can neither be found nor built here; false when it can. */
async function missing(): Promise<string | false> {
  const [found, go] = [await findPart("actionlint"), await findGo()];
  return "problem" in found && "problem" in go && `${found.problem}, ${go.problem}`;
}
