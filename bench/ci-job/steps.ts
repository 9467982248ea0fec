import { spawn } from "node:child_process";
import { once } from "node:events";
import { parse } from "yaml";

/** A step of a workflow's job or of a composite action, as the file has it. */
export interface Step {
  id?: string;
  name?: string;
  if?: string;
  uses?: string;
  with?: Record<string, unknown>;
  env?: Record<string, unknown>;
  run?: string;
}

/** A step that has commands. */
export interface RunStep {
  name: string;
  /** Its own environment, values as they stand in the file. */
  env: Record<string, string>;
  run: string;
}

interface Job {
  env?: Record<string, unknown>;
  steps?: Step[];
}

/** What a workflow or an action holds, of what is used here. */
interface Parsed {
  jobs?: Record<string, Job>;
  inputs?: Record<string, { default?: string }>;
  runs?: { steps: Step[] };
}

/** The inputs of an action with their defaults, "" without one. */
export const inputsOf = (yaml: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries((parse(yaml) as Parsed).inputs ?? {}).map(([name, { default: value }]) => [name, value ?? ""]),
  );

/** All steps, of every job. */
export function stepsOf(yaml: string): Step[] {
  const { jobs, runs } = parse(yaml) as Parsed;
  return runs?.steps ?? Object.values(jobs ?? {}).flatMap(({ steps = [] }) => steps);
}

/** The steps with `run:`. */
export const runSteps = (yaml: string): RunStep[] =>
  stepsOf(yaml).flatMap(({ name, id, env, run }) =>
    run === undefined ? [] : [{ name: name ?? id ?? run, env: asText(env), run }],
  );

/** The environment that the first job gives to all of its steps. */
export const jobEnv = (yaml: string): Record<string, string> =>
  asText(Object.values((parse(yaml) as Parsed).jobs ?? {})[0]?.env);

/** YAML's numbers and booleans as the text that a variable holds. */
export const asText = (values: Record<string, unknown> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value ?? "")]));

/**
 * Runs a step's commands as GitHub does under `shell: bash`; both streams as one text. Not by runToEnd(), which keeps from
 * its children the variables that hold secrets: a step is given them.
 */
export async function runAsGithub(
  run: string,
  { cwd, env, signal }: { cwd: string; env: NodeJS.ProcessEnv; signal?: AbortSignal | undefined },
): Promise<{ code: number | null; output: string }> {
  // https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    ...(signal && { signal, killSignal: "SIGINT" }),
  });
  child.on("error", () => {}); // the abort's; the end comes as "close"
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}
