import { OK_STATUS } from "../scenarios/lib/ok-status.ts";
import { SPACING_MS } from "../scenarios/lib/timing.ts";
import { aimByClock } from "../src/aim/clock/aim-by-clock.ts";
import type { Aimed, AimListener } from "../src/aim/volley.ts";
import { parseChoice } from "../src/cli/values.ts";
import { FIXES } from "../src/command/demo/fixes.ts";
import type { Part, PartName } from "../src/parts/part.ts";
import type { NetworkTimes } from "../src/probe/round-trip.ts";
import type { RuntimeChoice } from "../src/record/runtime-choice.ts";
import type { Run } from "../src/run/run.ts";
import { bundleScenarios, bundleTargetApp, type Scenario } from "../src/stage/bundle.ts";
import { openRuntime, runtimeVersions } from "../src/stage/runtime.ts";
import type { Runtime, Stage } from "../src/stage/stage.ts";
import type { TargetEnvironment } from "../src/stage/target-environment.ts";

/** What every measurement needs before it can start a stage. */
export interface Scene {
  runtime: Runtime;
  parts: Record<PartName, Part>;
  versions: Record<string, string>;
  scenarios: Record<Scenario, string>;
  targetApp: string;
}

/** Where a measurement runs. Not auto: its figures have to say which. */
export const BENCH_RUNTIME = { runtime: { type: "string", default: "native" } } as const;
/** @throws UsageError for anything else */
export const benchRuntime = (given: string) => parseChoice("--runtime", given, ["native", "docker"]);
export const BENCH_RUNTIME_HELP = "  --runtime NAME   native or docker (default native)";

/** Finds the parts and bundles the programs, once for all stages of a measurement. */
export async function prepare(run: Run, wanted: RuntimeChoice = "native"): Promise<Scene> {
  const runtime = await openRuntime(run, wanted, ["haproxy", "k6", "toxiproxy"]);
  const { parts, bundles } = runtime;
  const [scenarios, targetApp] = await Promise.all([bundleScenarios(bundles), bundleTargetApp(bundles)]);
  return { runtime, parts, versions: runtimeVersions(runtime), scenarios, targetApp };
}

/** The demo's settings where nothing else is said: an ALB's idle timeout and the round trip between its zones. */
export const LB_IDLE_MS = 60_000;
export const RTT_MS = 2;

/** The target with its defaults: it closes idle connections after 6 s. */
export const UNFIXED: TargetEnvironment = {};

export const FIXED: TargetEnvironment = FIXES["65s"].target;

/**
 * An unfixed target that closes idle connections after about `ms`. Node >= 20.18 adds a second to keepAliveTimeout
 * (nodejs/node#54863), and 0 would mean never: so 1001 ms is the least.
 */
export const closingAfter = (ms: number): TargetEnvironment => ({
  KEEP_ALIVE_TIMEOUT_MS: String(Math.max(1, ms - 1000)),
});

export interface StageSpec {
  name: string;
  environment: TargetEnvironment;
  nodes: number;
}

/** LBs with network and target each, at the demo's settings, started side by side. */
export async function startStages<S extends readonly StageSpec[]>(
  run: Run,
  { runtime, targetApp }: Scene,
  specs: S,
): Promise<{ [I in keyof S]: Stage }> {
  const starting = specs.map(({ name, environment, nodes }) =>
    runtime.startStage(run, {
      name,
      target: { bundle: targetApp, environment },
      lb: { idleTimeoutMs: LB_IDLE_MS, nodes },
      rttMs: RTT_MS,
      port: null,
    }),
  );
  // All, even when one fails: the run can only stop what it knows of.
  await Promise.allSettled(starting);
  return (await Promise.all(starting)) as { [I in keyof S]: Stage };
}

/** Aims at all stages at once, the first one leading, as the demo does. */
export function fire(
  run: Run,
  { scenarios }: Scene,
  stages: readonly Stage[],
  settings: NetworkTimes & { nodes: number; rounds: number },
  fired: AimListener["fired"] = () => {},
): Promise<Aimed> {
  const { nodes: users, ...others } = settings;
  const files = { bundle: scenarios.aimed, dashboard: false };
  // No target here keeps its connections longer than the LB does without being fixed.
  const request = { method: "GET", path: "/", headers: [], body: null };
  const neverClosed = "the target still kept its idle connections";
  const rules = {
    request,
    okStatus: OK_STATUS,
    maxWaitMs: LB_IDLE_MS,
    spacingMs: SPACING_MS,
    lastReuse: null,
    neverClosed,
  };
  return aimByClock(run, stages, { users, ...others, ...files, ...rules }, { waiting() {}, measured() {}, fired });
}
