import { OK_STATUS } from "../../../scenarios/lib/ok-status.ts";
import { SPACING_MS } from "../../../scenarios/lib/timing.ts";
import { aimByClock } from "../../aim/clock/aim-by-clock.ts";
import { aimAtClose, guarded } from "../../aim/close/aim-at-close.ts";
import { measureNetwork } from "../../probe/round-trip.ts";
import type { AppRequest } from "../../record/request.ts";
import type { Run } from "../../run/run.ts";
import { bundleScenarios, bundleTargetApp } from "../../stage/bundle.ts";
import { clearPort } from "../../stage/left-behind.ts";
import { openRuntime } from "../../stage/runtime.ts";
import type { Runtime, Stage } from "../../stage/stage.ts";
import { type AimedAndKept, aimAndKeep } from "../aim-and-keep.ts";
import { FIXES } from "./fixes.ts";
import { announceStages, narrate } from "./narrate.ts";
import type { DemoOptions } from "./options.ts";

/** Everything a demo saw, for the result to be made of. */
export interface DemoRun extends AimedAndKept {
  runtime: Runtime;
  stages: readonly [before: Stage, after: Stage];
  /** The network's round trip as measured, ms. */
  measuredRttMs: number;
}

/**
 * Fires the same aimed traffic at an unfixed and at a fixed target, side by side.
 * @throws UsageError for what the user can fix, InconclusiveError when a part dies
 */
export async function runDemo(run: Run, options: DemoOptions, begin: () => void = () => {}): Promise<DemoRun> {
  if (options.port !== null) {
    const inDocker = options.runtime !== "native";
    const whose = ` (after ${options.port}, for the LB of the fixed target)`;
    await clearPort(run, options.port, { inDocker });
    await clearPort(run, options.port + 1, { inDocker, whose });
  }
  const runtime = await openRuntime(run, options.runtime, ["haproxy", "k6", "toxiproxy"], options.node);
  const { scenarios, targetApp } = await bundleInto(runtime.bundles);
  const stages = await startBoth(run, runtime, targetApp, options);
  begin();
  announceStages(run.progress, runtime, options);
  const { directMs, rttMs } = await measureNetwork(stages[0]);
  const dashboard = options.k6Dashboard;
  const shared = {
    users: options.nodes,
    rounds: options.rounds,
    request: demoRequest(options.method),
    okStatus: OK_STATUS,
    rttMs,
    // No margin is judged here: once the LB has closed, there is nothing left to meet.
    maxWaitMs: options.lbIdleMs + BEYOND_LB_MS + options.rttMs,
    neverClosed: NEVER_CLOSED,
    dashboard,
  };
  const listener = narrate(run, options);
  const fire = () =>
    options.aim === "close"
      ? aimAtClose(
          run,
          stages.map(guarded),
          {
            ...shared,
            bundle: scenarios["at-close"],
            sweepers: sweepersOf(options.nodes),
            lastReuseMs: null,
            watchers: 0,
          },
          listener,
        )
      : aimByClock(
          run,
          stages,
          { ...shared, bundle: scenarios.aimed, directMs, spacingMs: SPACING_MS, lastReuse: null },
          listener,
        );
  const kept = await aimAndKeep(run, stages, fire, { out: options.out, dashboard, rttMs, given: [] });
  return { runtime, stages, measuredRttMs: rttMs, ...kept };
}

const BEYOND_LB_MS = 1000;

const NEVER_CLOSED =
  "nothing to aim at: the LB closes idle connections first; raise --lb-idle. The target still kept its own";

/**
 * Users that show the neighbourhood of the close, by the clock: two in five, as long as enough are left to aim at the close
 * itself, which alone is counted.
 */
export const sweepersOf = (users: number): number => Math.max(0, Math.min(Math.floor(users * 0.4), users - ENOUGH));

/** A clean verdict takes ten, and two may miss on a busy machine. */
const ENOUGH = 12;

const demoRequest = (method: string): AppRequest => ({
  method,
  path: "/",
  headers: [],
  body: method === "POST" ? "alb502" : null,
});

/** One after the other: when one fails, the other must not write into a folder that is being removed. */
async function bundleInto(folder: string) {
  return { scenarios: await bundleScenarios(folder), targetApp: await bundleTargetApp(folder) };
}

async function startBoth(run: Run, runtime: Runtime, bundle: string, options: DemoOptions) {
  const fix = FIXES[options.fix];
  const start = (name: string, environment: object, idleTimeoutMs: number, port: number | null) =>
    runtime.startStage(run, {
      name,
      target: { bundle, environment },
      lb: { idleTimeoutMs, nodes: options.nodes },
      rttMs: options.rttMs,
      port,
      relay: options.aim === "close",
    });
  const both = [
    start("before", {}, options.lbIdleMs, options.port),
    start("after", fix.target, fix.lbIdleMs ?? options.lbIdleMs, options.port === null ? null : options.port + 1),
  ] as const;
  // Both, even when one fails: the run can only stop what it knows of.
  await Promise.allSettled(both);
  return Promise.all(both);
}
