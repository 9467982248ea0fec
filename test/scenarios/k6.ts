import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { bundleScenarios, bundleTargetApp, type Scenario } from "../../src/stage/bundle.ts";
import { needs } from "../needs.ts";

/** What runs k6 is a `test` or a `describe` of these. */
export const { test, describe, parts } = await needs("haproxy", "k6", "toxiproxy");

/** Of this test file alone. Short: HAProxy's socket lies in it, and its path may have 104 bytes at most on macOS. */
export const folder = await mkdtemp(join(tmpdir(), "alb502-"));
after(() => rm(folder, { recursive: true, force: true }));

export const bundles = await bundleScenarios(folder);
export const targetApp = await bundleTargetApp(folder);

export interface K6Result {
  code: number | null;
  stderr: string;
  /** The total of a counter; 0 when it had no samples. */
  count(metric: string): number;
}

/** `k6 inspect` on a bundle: its options, without running it. */
export async function inspect(scenario: Scenario, env: Record<string, string>): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await k6("inspect", ...variables(env), bundles[scenario]);
  if (code !== 0) throw new Error(`k6 inspect ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** Plain `k6 run` on a bundle, as a user types it. */
export const run = (scenario: Scenario, env: Record<string, string>): Promise<K6Result> =>
  runFile(bundles[scenario], env);

/** Plain `k6 run` on a file. @param more of k6's own options */
export async function runFile(
  file: string,
  env: Record<string, string>,
  more: readonly string[] = [],
): Promise<K6Result> {
  const summary = join(folder, `summary-${++runs}.json`);
  const flags = ["--quiet", "--no-usage-report", `--summary-export=${summary}`, ...more];
  // What this shell has set must not reach the scenario.
  flags.push("--include-system-env-vars=false");
  // raw: what a scenario prints stands on a line of its own, without k6's time and level.
  flags.push("--log-format=raw");
  const { code, stderr } = await k6("run", ...flags, ...variables(env), file);
  const { metrics } = JSON.parse(await readFile(summary, "utf8").catch(() => '{"metrics":{}}')) as Summary;
  return { code, stderr, count: (metric) => metrics[metric]?.count ?? 0 };
}

let runs = 0;

type Summary = { metrics: Record<string, { count?: number }> };

const variables = (env: Record<string, string>): string[] =>
  Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);

async function k6(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const env = { ...process.env, K6_AUTO_EXTENSION_RESOLUTION: "false" };
  const child = spawn(parts.k6.path, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}
