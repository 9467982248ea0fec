import { isOk } from "../../../scenarios/lib/ok-status.ts";
import { SPACING_MS } from "../../../scenarios/lib/timing.ts";
import type { Answer } from "../../probe/answer.ts";
import { firstContact, MAX_ANSWER_MS } from "../../probe/first-contact.ts";
import { findRequestLimit, type RequestLimit } from "../../probe/request-limit.ts";
import { measureNetwork, medianExchangeMs } from "../../probe/round-trip.ts";
import type { AppRequest } from "../../record/request.ts";
import { pathOnly } from "../../record/request.ts";
import { InconclusiveError } from "../../run/exit.ts";
import type { Run } from "../../run/run.ts";
import { bundleScenarios } from "../../stage/bundle.ts";
import { openRuntime } from "../../stage/runtime.ts";
import type { Runtime, Stage } from "../../stage/stage.ts";
import { type AimedAndKept, aimAndKeep } from "../aim-and-keep.ts";
import { announceCheck, announceTarget, announceThrough, narrateCheck } from "./narrate.ts";
import type { CheckOptions } from "./options.ts";
import { assertAgreed, STANDING, STANDING_REUSES, standingStage } from "./standing-lb.ts";

/** Everything a check saw, for the result to be made of. */
export interface CheckRun extends AimedAndKept {
  runtime: Runtime<"k6">;
  stage: Stage;
  /** The network's round trip as measured, ms; null where nobody here can measure it. */
  measuredRttMs: number | null;
  requestLimit: RequestLimit | null;
}

/**
 * Puts the simulated LB, or a standing one, in front of somebody's own target and aims at the instant in which that
 * target closes.
 * @throws UsageError for what the user can mend, InconclusiveError when a part or the target dies
 */
export async function runCheck(run: Run, options: CheckOptions): Promise<CheckRun> {
  assertAgreed(options);
  const { target, lbIdleMs, request } = options;
  const url = new URL(request.path, target);
  const first = await firstContact({ url, request, withinMs: Math.min(lbIdleMs, MAX_ANSWER_MS), signal: run.signal });
  announceTarget(run.progress, options, first);
  assertOk(first.status, options);
  const scene = options.through
    ? await standingScene(run, options, options.through, first)
    : await simulatedScene(run, options);
  const { runtime, stage, bundle, times, shape } = scene;
  const requestLimit = await findRequestLimit(url, request, run.signal);
  const { okStatus, maxWaitMs, thorough, out } = options;
  const kept = await aimAndKeep(
    run,
    [stage],
    {
      ...shape,
      ...times,
      request,
      okStatus,
      maxWaitMs,
      otherwise: { lbIdleMs, rounds: options.through ? STANDING_REUSES : 1, thorough },
      bundle,
      dashboard: options.k6Dashboard,
    },
    narrateCheck(run, options),
    { out, packets: !mayHoldSecrets(request) },
  );
  return { runtime, stage, requestLimit, measuredRttMs: options.through ? null : times.rttMs, ...kept };
}

/** A captured request holds all that was sent. */
const mayHoldSecrets = ({ path, headers, body }: AppRequest): boolean =>
  path.includes("?") || headers.length > 0 || body !== null;

/** LB nodes, each with one user and one pooled connection: 15 of the 20 aim inside the window in the first round. */
export const USERS = 20;

const SIMULATED = { users: USERS, rounds: 2, spacingMs: SPACING_MS };

async function simulatedScene(run: Run, options: CheckOptions) {
  const runtime = await openRuntime(run, options.runtime, ["haproxy", "k6", "toxiproxy"]);
  const { aimed: bundle } = await bundleScenarios(runtime.bundles);
  const { target, lbIdleMs, rttMs, request } = options;
  const stage = await runtime.startStage(run, {
    name: "check",
    target: { url: target },
    lb: { idleTimeoutMs: lbIdleMs, nodes: USERS },
    rttMs,
    port: null,
  });
  announceCheck(run.progress, runtime.parts, options);
  const times = await measureNetwork(stage, { request, exchanges: EXCHANGES, signal: run.signal });
  return { runtime, stage, bundle, times, shape: SIMULATED };
}

async function standingScene(run: Run, options: CheckOptions, through: URL, first: Answer) {
  const { target, request, rttMs } = options;
  const runtime = await openRuntime(run, options.runtime, ["k6"]);
  const { aimed: bundle } = await bundleScenarios(runtime.bundles);
  announceThrough(run.progress, runtime.parts.k6, options, through);
  await assertPassesOn(through, first, { request, signal: run.signal });
  const directMs = await medianExchangeMs(new URL(request.path, target), EXCHANGES, {
    request,
    signal: run.signal,
  });
  const stage = standingStage(through, target, runtime.standaloneK6());
  return {
    runtime,
    stage,
    bundle,
    times: { directMs, rttMs },
    shape: { ...STANDING, spacingMs: 0 },
  };
}

/** Fewer than the demo takes: it is somebody else's app that answers them. */
const EXCHANGES = 11;

/**
 * A redirect to https, a login or a default 404 comes from the LB itself: then no request would reach the target, and
 * none could be lost.
 */
async function assertPassesOn(
  through: URL,
  first: Answer,
  { request, signal }: { request: AppRequest; signal: AbortSignal },
): Promise<void> {
  const url = new URL(request.path, through);
  const theirs = await firstContact({ url, request, withinMs: MAX_ANSWER_MS, signal });
  const byAlb = theirs.server?.startsWith("awselb") && !first.server?.startsWith("awselb");
  if (theirs.status === first.status && !byAlb) return;
  throw new InconclusiveError(
    `${through.origin} answers ${theirs.status} where the target answers ${first.status}: the LB seems to answer by itself; give the --through URL, --path or --header with which it passes the request on`,
  );
}

/** What is answered with an error may be answered by something else than what is to be checked. */
function assertOk(status: number, { request, okStatus }: CheckOptions): void {
  if (isOk(status, okStatus)) return;
  throw new InconclusiveError(
    `the target answers ${status} to ${request.method} ${pathOnly(request.path)}: give a --path that works, or --ok-status ${status} if it is meant to`,
  );
}
