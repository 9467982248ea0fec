import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { type Contexts, filledIn, isMet } from "./expressions.ts";
import { asText, inputsOf, runAsGithub, type Step, stepsOf } from "./steps.ts";

/** Where a job runs, and with what. */
export interface Machine {
  /** What actions/checkout brings. */
  app: string;
  /** The folder that `uses: OWNER/alb502@...` stands for. */
  action: string;
  /** The job's own, empty at its beginning. */
  folder: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

export interface Done {
  name: string;
  outcome: "success" | "failure" | "skipped";
  output: string;
  outputs: Record<string, string>;
  tookMs: number;
}

export interface JobRun {
  conclusion: "success" | "failure";
  /** Those of the actions too, in the order in which they ran. */
  steps: Done[];
  /** What upload-artifact kept, relative to the workspace. */
  artifact: string[];
  /** Where the app was checked out. */
  workspace: string;
  /** The job's page. */
  summary: string;
}

/**
 * Runs a workflow's only job as a runner of GitHub does: `run:` by bash, our action by its own steps. Of the actions of
 * others, checkout copies `machine.app`, cache finds what lies in the home folder, upload-artifact lists, and setup-node
 * and setup-go do nothing: this machine has both.
 * @throws Error for an action or an expression that none of this covers
 */
export async function runJob(workflow: string, machine: Machine): Promise<JobRun> {
  const [jobs] = Object.values((parse(workflow) as { jobs: Record<string, { env?: object }> }).jobs);
  const workspace = join(machine.folder, "workspace");
  const summaryFile = join(machine.folder, "summary.md");
  await mkdir(workspace, { recursive: true });
  await writeFile(summaryFile, "");
  const env = {
    ...machine.env,
    ...asText({ ...jobs?.env }),
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_WORKSPACE: workspace,
    GITHUB_STEP_SUMMARY: summaryFile,
  };
  const job: Job = { machine, workspace, env, done: [], artifact: [] };
  const contexts = { runner: { os: "Linux", arch: "X64" }, github: { token: machine.env.GITHUB_TOKEN ?? "" } };
  const failed = await runAll(stepsOf(workflow), contexts, job);
  return {
    conclusion: failed ? "failure" : "success",
    steps: job.done,
    artifact: job.artifact,
    workspace,
    summary: await readFile(summaryFile, "utf8"),
  };
}

interface Job {
  machine: Machine;
  workspace: string;
  env: NodeJS.ProcessEnv;
  done: Done[];
  artifact: string[];
}

/** @returns whether one of them failed */
async function runAll(steps: readonly Step[], around: Contexts, job: Job): Promise<boolean> {
  let failed = false;
  const outputsById: Record<string, { outputs: Record<string, string> }> = {};
  for (const step of steps) {
    const contexts = { ...around, steps: outputsById };
    const beganMs = performance.now();
    const met = isMet(step.if, contexts, failed);
    const { ok, output, outputs } = met ? await runStep(step, contexts, job) : { ok: true, output: "", outputs: {} };
    if (step.id) outputsById[step.id] = { outputs };
    failed ||= !ok;
    job.done.push({
      name: step.name ?? step.id ?? step.uses ?? step.run ?? "",
      outcome: met ? (ok ? "success" : "failure") : "skipped",
      output,
      outputs,
      tookMs: performance.now() - beganMs,
    });
  }
  return failed;
}

interface Outcome {
  ok: boolean;
  output: string;
  outputs: Record<string, string>;
}

const well = (outputs: Record<string, string> = {}): Outcome => ({ ok: true, output: "", outputs });

async function runStep(step: Step, contexts: Contexts, job: Job): Promise<Outcome> {
  const { machine, workspace } = job;
  const filled = (values: Record<string, unknown> | undefined) =>
    Object.fromEntries(Object.entries(asText(values)).map(([name, value]) => [name, filledIn(value, contexts)]));
  if (step.run !== undefined) return runCommands(step.run, filled(step.env), job);
  const given = filled(step.with);
  switch (step.uses?.replace(/@.*/, "")) {
    case "actions/checkout":
      await cp(machine.app, workspace, { recursive: true });
      return well();
    case "actions/setup-node":
    case "actions/setup-go":
      return well();
    case "actions/cache":
      return well({ "cache-hit": String(existsSync(given.path!.replace("~", machine.env.HOME!))) });
    case "actions/upload-artifact":
      job.artifact.push(...(await filesIn(workspace, given.path!)));
      return well();
    case "OWNER/alb502": {
      const action = await readFile(join(machine.action, "action.yml"), "utf8");
      const inputs = { ...filledAll(inputsOf(action), contexts), ...given };
      const inner = { ...job, env: { ...job.env, ...filled(step.env), GITHUB_ACTION_PATH: machine.action } };
      return { ...well(), ok: !(await runAll(stepsOf(action), { ...contexts, inputs }, inner)) };
    }
    default:
      throw new Error(`nothing here stands for ${step.uses}`);
  }
}

const filledAll = (values: Record<string, string>, contexts: Contexts): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, filledIn(value, contexts)]));

async function runCommands(run: string, own: Record<string, string>, job: Job): Promise<Outcome> {
  const { machine, workspace, env, done } = job;
  const GITHUB_OUTPUT = join(machine.folder, `output-${done.length}`);
  await writeFile(GITHUB_OUTPUT, "");
  const { code, output } = await runAsGithub(run, {
    cwd: workspace,
    env: { ...env, ...own, GITHUB_OUTPUT },
    signal: machine.signal,
  });
  return { ok: code === 0, output, outputs: outputsIn(await readFile(GITHUB_OUTPUT, "utf8")) };
}

/** `name=value`, and `name<<END` with lines up to END. */
export function outputsIn(text: string): Record<string, string> {
  const several = /^([\w-]+)<<(\S+)\n([\s\S]*?)\n?^\2\n/gm;
  const single = /^([\w-]+)=(.*)$/gm;
  return Object.fromEntries([
    ...[...text.matchAll(several)].map(([, name, , value]) => [name, value]),
    ...[...text.replaceAll(several, "").matchAll(single)].map(([, name, value]) => [name, value]),
  ]);
}

async function filesIn(workspace: string, paths: string): Promise<string[]> {
  const folders = paths.split("\n").filter((path) => existsSync(resolve(workspace, path)));
  const names = await Promise.all(
    folders.map(async (path) => (await readdir(resolve(workspace, path))).map((name) => join(path, name))),
  );
  return names.flat().sort();
}
