import { setTimeout as delay } from "node:timers/promises";
import { OK_STATUS } from "../../../scenarios/lib/ok-status.ts";
import { aimAtClose, guarded } from "../../aim/close/aim-at-close.ts";
import type { Volley } from "../../aim/volley.ts";
import type { Run } from "../../run/run.ts";
import { createUndos } from "../../run/undos.ts";
import { bundleScenarios, bundleTargetApp } from "../../stage/bundle.ts";
import type { Runtime } from "../../stage/stage.ts";

/** A positive control that runs beside a check, and is asked for when the check has lost nothing. */
export interface RunningControl {
  /** @throws InconclusiveError when it did not finish */
  seen(): Promise<Volley>;
}

/**
 * Starts, some seconds later, the same parts in front of our own target that closes after 2 s, and aims at its closes: a
 * check that loses nothing is worth something only if the same set-up, on this machine and at this time, would have lost.
 * @param lbIdleMs of the check's LB
 */
export function startControl(
  run: Run,
  runtime: Runtime,
  { lbIdleMs, rttMs }: { lbIdleMs: number; rttMs: number },
): RunningControl {
  const over = new AbortController();
  const undos = createUndos();
  const own: Run = {
    ...run,
    signal: AbortSignal.any([run.signal, over.signal]),
    defer: undos.defer,
  };
  const seen = playControl(own, runtime, { lbIdleMs, rttMs });
  seen.catch(() => {}); // the error goes to the caller of seen()
  // A check that has lost does not wait for it. What it is just starting can be stopped only once it is known, hence twice.
  const end = async () => {
    over.abort(new Error("the check is over"));
    try {
      await undos.all();
    } finally {
      await seen.catch(() => {});
      await undos.all();
    }
  };
  run.defer(end, undos.left);
  return { seen: () => seen };
}

async function playControl(
  run: Run,
  runtime: Runtime,
  { lbIdleMs, rttMs }: { lbIdleMs: number; rttMs: number },
): Promise<Volley> {
  // Most unfixed targets close before that, so no control is needed.
  await delay(Math.min(LATEST_START_MS, lbIdleMs / 4), undefined, { signal: run.signal });
  const bundle = await bundleTargetApp(runtime.bundles);
  const scenarios = await bundleScenarios(runtime.bundles);
  const stage = await runtime.startStage(run, {
    name: "control",
    target: { bundle, environment: CLOSES_AFTER_2_S },
    lb: { idleTimeoutMs: CONTROL_LB_IDLE_MS, nodes: USERS },
    rttMs,
    port: null,
    relay: true,
  });
  const aimed = await aimAtClose(
    run,
    [guarded(stage)],
    {
      users: USERS,
      rounds: 1,
      sweepers: 0,
      watchers: 0,
      lastReuseMs: null,
      request: { method: "GET", path: "/", headers: [], body: null },
      okStatus: OK_STATUS,
      rttMs,
      maxWaitMs: CONTROL_WAIT_MS,
      neverClosed: "the control's target closed nothing",
      bundle: scenarios["at-close"],
      dashboard: false,
    },
    { waiting() {}, measured() {}, fired() {} },
  );
  await stage.stop();
  return aimed.volleys[0]!;
}

const USERS = 10;
const LATEST_START_MS = 8000;
/** Five times its close. */
const CONTROL_WAIT_MS = 10_000;
/** An ALB's default; far beyond the control's own close. */
const CONTROL_LB_IDLE_MS = 60_000;
/** Node adds a second of its own (nodejs/node#54863). */
const CLOSES_AFTER_2_S = { KEEP_ALIVE_TIMEOUT_MS: "1000" };
