import { OK_STATUS } from "../scenarios/lib/ok-status.ts";
import { SPACING_MS } from "../scenarios/lib/timing.ts";
import { type Aimed, aim } from "../src/aim/aim.ts";
import { aimAtClose, guarded } from "../src/aim/close/aim-at-close.ts";
import type { AimListener } from "../src/aim/lead-rounds.ts";
import type { AimChoice } from "../src/cli/aim-option.ts";
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

/** The target as it comes: it closes idle connections after 6 s. */
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

/**
 * LBs with network and target each, at the demo's settings, started side by side.
 * @param aim how requests will be aimed at them: to hear a close takes a relay at the target's door
 */
export async function startStages<S extends readonly StageSpec[]>(
  run: Run,
  { runtime, targetApp }: Scene,
  specs: S,
  aim: AimChoice = "clock",
): Promise<{ [I in keyof S]: Stage }> {
  const starting = specs.map(({ name, environment, nodes }) =>
    runtime.startStage(run, {
      name,
      target: { bundle: targetApp, environment },
      lb: { idleTimeoutMs: LB_IDLE_MS, nodes },
      rttMs: RTT_MS,
      port: null,
      relay: aim === "close",
    }),
  );
  // All, even when one fails: the run can only stop what it has heard of.
  await Promise.allSettled(starting);
  return (await Promise.all(starting)) as { [I in keyof S]: Stage };
}

/** What is fired at every stage. */
export interface Shots extends NetworkTimes {
  aim: AimChoice;
  /** LB nodes = users who aim. */
  nodes: number;
  /** Aimed requests per user. */
  rounds: number;
  /** How many of the users send around the close by the clock, for a picture; none where nothing is said. */
  sweepers?: number;
}

/** Aims at all stages at once, the first one leading, as the demo does. */
export function fire(
  run: Run,
  { scenarios }: Scene,
  stages: readonly Stage[],
  { aim: how, nodes, rounds, rttMs, directMs, sweepers = 0 }: Shots,
  fired: AimListener["fired"] = () => {},
): Promise<Aimed> {
  const listener: AimListener = { waiting() {}, measured() {}, fired };
  const request = { method: "GET", path: "/", headers: [], body: null };
  // No target here keeps its connections longer than the LB does without being fixed.
  const rules = { request, okStatus: OK_STATUS, rttMs, maxWaitMs: LB_IDLE_MS };
  const shared = { users: nodes, rounds, ...rules, dashboard: false };
  if (how === "clock") {
    const byClock = { bundle: scenarios.aimed, directMs, spacingMs: SPACING_MS, otherwise: null };
    return aim(run, stages, { ...shared, ...byClock }, listener);
  }
  const atClose = { bundle: scenarios["at-close"], sweepers, watchers: 0, lastReuseMs: null };
  const nothingHeard = "the target closed no idle connection";
  return aimAtClose(run, stages.map(guarded), { ...shared, ...atClose, nothingHeard }, listener);
}
