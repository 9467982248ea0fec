import { spawn } from "node:child_process";
import { once } from "node:events";

/** A step of a workflow or of an action that has commands. */
export interface RunStep {
  name: string;
  /** Its own environment, values as they stand in the file. */
  env: Record<string, string>;
  run: string;
}

/** The steps with `run:`. Reads the plain YAML of our own files; whether it is YAML at all is actionlint's to say. */
export function runSteps(yaml: string): RunStep[] {
  const lines = yaml.split("\n");
  const stepsAt = lines.findIndex((line) => /^ *steps:$/.test(line));
  const mark = /^ *- /.exec(lines[stepsAt + 1]!)![0];
  const starts = lines.flatMap((line, at) => (at > stepsAt && line.startsWith(mark) ? [at] : []));
  return starts.flatMap((start, i) => {
    // The mark is as wide as what stands below it is indented.
    const step = lines.slice(start, starts[i + 1]).map((line) => (line.trim() ? line.slice(mark.length) : ""));
    const run = textOf(step, "run");
    return run === null ? [] : [{ name: textOf(step, "name") ?? textOf(step, "id") ?? "", env: envOf(step), run }];
  });
}

/** The environment that a job gives to all of its steps. */
export const jobEnv = (yaml: string): Record<string, string> =>
  envOf(
    yaml
      .split("\n")
      .slice(yaml.split("\n").indexOf("jobs:"))
      .map((line) => line.slice(4)),
  );

function envOf(block: readonly string[]): Record<string, string> {
  const pairs = (textOf(block, "env") ?? "").split("\n").filter((line) => !/^\s*(#|$)/.test(line));
  return Object.fromEntries(pairs.map((line) => line.split(/: (.*)/, 2) as [string, string]));
}

/** What stands behind `key:`, or in the lines below it that are indented; null without the key. */
function textOf(block: readonly string[], key: string): string | null {
  const at = block.findIndex((line) => line.startsWith(`${key}:`));
  if (at === -1) return null;
  const inline = block[at]!.slice(key.length + 1).trim();
  if (inline !== "" && inline !== "|") return inline;
  const rest = block.slice(at + 1);
  const end = rest.findIndex((line) => line !== "" && !line.startsWith("  "));
  const below = rest.slice(0, end === -1 ? undefined : end).map((line) => line.slice(2));
  return `${below.join("\n").trimEnd()}\n`;
}

/** Runs a step's commands as GitHub does under `shell: bash`; both streams as one text. */
export async function runAsGithub(
  run: string,
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<{ code: number | null; output: string }> {
  // https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}
