import { resolve } from "node:path";
import { isOk } from "../../../scenarios/lib/ok-status.ts";
import { SPACING_MS } from "../../../scenarios/lib/timing.ts";
import type { Declared } from "../../advice/declared-framework.ts";
import { aimByClock } from "../../aim/clock/aim-by-clock.ts";
import { aimAtClose, type FirstAnswer, guarded } from "../../aim/close/aim-at-close.ts";
import type { Aimed, AimListener, Volley } from "../../aim/volley.ts";
import { withApp } from "../../app/with-app.ts";
import type { Answer } from "../../probe/answer.ts";
import type { TimedAnswer } from "../../probe/connection.ts";
import { firstContact, MAX_ANSWER_MS } from "../../probe/first-contact.ts";
import { findRequestLimit, type LimitSearch } from "../../probe/request-limit.ts";
import { measureNetwork, medianExchangeMs } from "../../probe/round-trip.ts";
import { pathOnly } from "../../record/request.ts";
import { InconclusiveError } from "../../run/exit.ts";
import type { Run } from "../../run/run.ts";
import { bundleScenarios } from "../../stage/bundle.ts";
import { openRuntime } from "../../stage/runtime.ts";
import type { Runtime, Stage } from "../../stage/stage.ts";
import { announcedWithError } from "../../verdict/answers.ts";
import { type AimedAndKept, aimAndKeep } from "../aim-and-keep.ts";
import { appOf, declaredBy } from "../started-app.ts";
import { startControl } from "./control.ts";
import { announceCheck, announceSlow, announceTarget, announceThrough, narrateCheck } from "./narrate.ts";
import { type CheckOptions, namedStatus } from "./options.ts";
import { assertPassesOn, type Standing } from "./passes-on.ts";
import { assertAgreed, STANDING, STANDING_REUSES, standingStage } from "./standing-lb.ts";

/** Everything a check saw, for the result to be made of. */
export interface CheckRun extends AimedAndKept {
  runtime: Runtime<"k6">;
  stage: Stage;
  /** How it was aimed in the end: a target that announces each close is aimed at by the clock, whatever was asked for. */
  aim: "close" | "clock";
  /** The network's round trip as measured, ms; null where nobody here can measure it. */
  measuredRttMs: number | null;
  requests: LimitSearch;
  /** What the project of the app that --start started says that it runs on. */
  declared: Declared | null;
  /** null where something was lost, or where there is no control: through a standing LB. */
  control: Volley | null;
  /** null = the simulated LB. */
  standing: Standing | null;
}

/**
 * Puts the simulated LB, or a standing one, in front of the user's own target and aims at the instant in which that
 * target closes.
 * @throws UsageError for what the user can fix, InconclusiveError when a part or the target dies
 */
export async function runCheck(run: Run, options: CheckOptions, begin: () => void = () => {}): Promise<CheckRun> {
  assertAgreed(options);
  const { start, target: url, request, out } = options;
  return withApp(run, appOf(start, { url, request, out }), () => checkApp(run, options, begin));
}

async function checkApp(run: Run, options: CheckOptions, begin: () => void): Promise<CheckRun> {
  const { target, lbIdleMs, request } = options;
  const declared = await declaredBy(run.progress, options);
  const beganMs = performance.now();
  // Not resolved against the path: "//example.com/x" is a path of the target, and would be another host.
  const first = await firstContact({
    url: target,
    request,
    withinMs: Math.min(lbIdleMs, MAX_ANSWER_MS),
    signal: run.signal,
  });
  const tookMs = first.atMs - beganMs;
  announceTarget(run.progress, options, first);
  announceSlow(run.progress, tookMs, estimateMs(options, tookMs));
  assertOk(first.status, options);
  assertTelling(first, options);
  const scene = options.through
    ? await standingScene(run, options, options.through, first)
    : await simulatedScene(run, options, { ...first, tookMs });
  begin();
  const { runtime, stage, rttMs } = scene;
  const requests = await findRequestLimit(target, request, run.signal);
  const listener = narrateCheck(run, options);
  const control = options.through ? null : startControl(run, runtime as Runtime, { lbIdleMs, rttMs: options.rttMs });
  const kept = await aimAndKeep(run, [stage], () => scene.fire(listener), {
    out: options.out,
    dashboard: options.k6Dashboard,
    rttMs,
    given: request.headers,
  });
  const nothingLost = kept.aimed.volleys[0]!.attempts.every(({ outcome }) => outcome !== "lost");
  if (nothingLost && control) run.progress.line("nothing was lost: waiting for the control, which has to lose");
  return {
    runtime,
    stage,
    aim: scene.aim,
    requests,
    declared,
    measuredRttMs: options.through ? null : rttMs,
    standing: scene.standing,
    control: nothingLost && control ? await control.seen() : null,
    ...kept,
  };
}

/** LB nodes, each with one user and one pooled connection: 15 of the 20 aim inside the window in the first round. */
const CLOCK_USERS = 20;

export const usersOf = ({ aim, connections }: Pick<CheckOptions, "aim" | "connections">): number =>
  aim === "close" ? connections - watchersOf(connections) : CLOCK_USERS;

/** Three of ten connections get no second request, and are watched beyond the LB's idle timeout. */
const watchersOf = (connections: number): number => Math.max(1, Math.round(connections * 0.3));

/** What fires at a stage, and what it was measured with. */
interface Scene {
  runtime: Runtime<"k6">;
  stage: Stage;
  rttMs: number;
  aim: CheckRun["aim"];
  standing: Standing | null;
  fire(listener: AimListener): Promise<Aimed>;
}

async function simulatedScene(run: Run, options: CheckOptions, first: FirstAnswer): Promise<Scene> {
  const runtime = await openRuntime(run, options.runtime, ["haproxy", "k6", "toxiproxy"]);
  const scenarios = await bundleScenarios(runtime.bundles);
  const { target, lbIdleMs, request, okStatus, maxWaitMs, thorough, k6Dashboard: dashboard } = options;
  // A target that announces each close keeps no connection: there is no close to wait for.
  const hears = options.aim === "close" && !first.announcedClose;
  const users = usersOf(options);
  const stage = await runtime.startStage(run, {
    name: "check",
    target: { url: target },
    lb: { idleTimeoutMs: lbIdleMs, nodes: users },
    rttMs: options.rttMs,
    port: null,
    relay: hears,
  });
  announceCheck(run.progress, runtime.parts, options);
  const times = await measureNetwork(stage, { request, exchanges: exchangesOf(first.tookMs), signal: run.signal });
  const shared = { users, request, okStatus, rttMs: times.rttMs, maxWaitMs, neverClosed: NEVER_CLOSED, dashboard };
  const fire = (listener: AimListener): Promise<Aimed> =>
    hears
      ? aimAtClose(
          run,
          [guarded(stage)],
          {
            ...shared,
            bundle: scenarios["at-close"],
            rounds: 1,
            sweepers: 0,
            lastReuseMs: lastReuse(options),
            watchers: watchersOf(options.connections),
            known: first,
          },
          listener,
        )
      : aimByClock(
          run,
          [stage],
          {
            ...shared,
            bundle: scenarios.aimed,
            rounds: 2,
            directMs: times.directMs,
            spacingMs: SPACING_MS,
            lastReuse: { lbIdleMs, rounds: 1, thorough },
          },
          listener,
        );
  return { runtime, stage, rttMs: times.rttMs, aim: hears ? "close" : "clock", standing: null, fire };
}

const NEVER_CLOSED =
  "--max-wait ended before the target closed its idle connections, or the LB would have; they were still open";

/** Not nearer to the timeout: the simulated LB repeats what is lost in its last 50 ms (haproxy.cfg, add(50)). */
const lastReuse = ({ lbIdleMs, maxWaitMs }: CheckOptions): number | null =>
  lbIdleMs <= maxWaitMs ? lbIdleMs - BEFORE_LB_MS : null;

const BEFORE_LB_MS = 250;

/** By the clock: behind a standing LB nobody can hear the target close, nor choose the connections. */
async function standingScene(run: Run, options: CheckOptions, through: URL, first: TimedAnswer): Promise<Scene> {
  const { target, lbIdleMs, rttMs, request, okStatus, maxWaitMs, thorough, k6Dashboard: dashboard, insecure } = options;
  const runtime = await openRuntime(run, options.runtime, ["k6"]);
  const { aimed: bundle } = await bundleScenarios(runtime.bundles);
  announceThrough(run.progress, runtime.parts.k6, options, through);
  const { signal } = run;
  const standing = await assertPassesOn(through, first, { request, signal, insecure });
  const directMs = await medianExchangeMs(target, EXCHANGES, { request, signal });
  const stage = standingStage(through, options, runtime.standaloneK6(trusted(process.env)));
  const settings = {
    ...STANDING,
    ...{ spacingMs: 0, request, okStatus, directMs, rttMs, maxWaitMs, neverClosed: NEVER_CLOSED, bundle, dashboard },
    lastReuse: { lbIdleMs, rounds: STANDING_REUSES, thorough },
  };
  return {
    runtime,
    stage,
    rttMs,
    aim: "clock",
    standing,
    fire: (listener) => aimByClock(run, [stage], settings, listener),
  };
}

/** The CAs that Node has been told to trust besides its own: k6 has to trust the same. */
const trusted = (env: NodeJS.ProcessEnv): string | null =>
  env.NODE_EXTRA_CA_CERTS ? resolve(env.NODE_EXTRA_CA_CERTS) : null;

/** Fewer than in the demo, since the user's own app has to answer them; of a slow route fewer still. */
const EXCHANGES = 11;
const FEWEST_EXCHANGES = 3;
const EXCHANGES_WITHIN_MS = 2000;

const exchangesOf = (tookMs: number): number =>
  Math.min(EXCHANGES, Math.max(FEWEST_EXCHANGES, Math.floor(EXCHANGES_WITHIN_MS / tookMs)));

/** How long the requests take that go one after the other, without the idle time: the network's, a limit's, each connection's. */
function estimateMs({ through, connections }: CheckOptions, tookMs: number): number {
  const limitMs = Math.max(tookMs, Math.min(110 * tookMs, 3000));
  const exchanges = exchangesOf(tookMs) * (through ? 1 : 2);
  return limitMs + (exchanges + connections) * tookMs;
}

/** An error may come from something other than the app that is to be checked. */
export function assertOk(status: number, { request, okStatus }: CheckOptions): void {
  if (isOk(status, okStatus)) return;
  throw new InconclusiveError(
    `the target answers ${status} to ${request.method} ${pathOnly(request.path)}: give a --path that works, or --ok-status ${status} if it is meant to`,
  );
}

/** Nothing is learnt of the good answers' connections from one that an error ended: no need to begin. */
function assertTelling({ status, announcedClose }: Answer, options: CheckOptions): void {
  const doubt = announcedClose ? announcedWithError(status, namedStatus(options)) : null;
  if (doubt !== null) throw new InconclusiveError(doubt);
}
