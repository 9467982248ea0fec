import { basename, dirname, join, resolve } from "node:path";
import { parseTargetUrl } from "../../../cli/target-url.ts";
import { durationMs } from "../../../cli/values.ts";
import { UsageError } from "../../../run/exit.ts";
import type { CheckOptions } from "../options.ts";
import { type CheckSettings, checkOptionsOf, textOf } from "../settings.ts";
import { configError } from "./load.ts";
import { nearest } from "./nearest.ts";
import type { Config, ConfigStart, ConfigTarget } from "./schema.ts";

/** One target of a config file, as a check takes it. */
export interface Target {
  name: string;
  options: CheckOptions;
}

/**
 * The targets of a config, with what holds for all of them.
 * @param picked their names; none = all
 * @param out the folder of the whole run; each target has its own in it
 * @throws UsageError, a line for each problem, that shows no header's value
 */
export function targetsOf(
  config: Config,
  { file, picked, out }: { file: string; picked: readonly string[]; out: string | null },
  env: NodeJS.ProcessEnv,
): Target[] {
  const names = config.targets.map(({ name }) => name);
  for (const name of picked) if (!names.includes(name)) throw new UsageError(notThere(name, names));
  const problems: string[] = [];
  const targets: Target[] = [];
  config.targets.forEach((target, i) => {
    if (picked.length > 0 && !picked.includes(target.name)) return;
    try {
      targets.push({ name: target.name, options: optionsOf(target, config, { file, out }, env) });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(`targets[${i}] (${target.name}): ${error.message}`);
    }
  });
  if (problems.length > 0) throw configError(basename(file), problems);
  return targets;
}

function notThere(name: string, names: readonly string[]): string {
  const meant = nearest(name, names);
  return `--target is ${JSON.stringify(name)}, expected ${names.join(" or ")}${meant === null ? "" : `; did you mean ${meant}?`}`;
}

function optionsOf(
  { name, url, start, ...own }: ConfigTarget,
  { lb, options: { atOnce: _, ...all } = {} }: Config,
  { file, out }: { file: string; out: string | null },
  env: NodeJS.ProcessEnv,
): CheckOptions {
  const settings: CheckSettings = { ...all, ...defined(own), lb: { ...lb, ...own.lb } };
  const options = checkOptionsOf(parseTargetUrl("check", [url]), settings, env);
  // As `--start` and the options around it are read.
  const more = {
    out: out === null ? null : join(out, name),
    start: start === undefined ? null : startOf(start, file, env),
  };
  return { ...options, ...more };
}

/** An undefined value is as good as none, and hides nothing. */
const defined = <T extends object>(some: T): T =>
  Object.fromEntries(Object.entries(some).filter(([, value]) => value !== undefined)) as T;

/** What is read from the environment is a secret: it is not shown should the app say it. */
function startOf({ command, cwd = ".", env: own = {}, ...rest }: ConfigStart, file: string, env: NodeJS.ProcessEnv) {
  const { timeout = "60s", reuseExistingServer = false, gracefulShutdown = {} } = rest;
  const variables = Object.entries(own).map(([name, value]) => ({
    ...{ name, text: textOf(`start.env.${name}`, value, env) },
    isSecret: typeof value !== "string",
  }));
  return {
    command,
    cwd: resolve(dirname(file), cwd),
    env: Object.fromEntries(variables.map(({ name, text }) => [name, text])),
    secrets: variables.filter(({ isSecret }) => isSecret).map(({ text }) => text),
    timeoutMs: durationMs(timeout),
    reuseExistingServer,
    gracefulShutdown: {
      signal: gracefulShutdown.signal ?? "SIGTERM",
      timeoutMs: durationMs(gracefulShutdown.timeout ?? "5s"),
    },
  };
}
