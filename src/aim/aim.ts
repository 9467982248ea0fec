import { setTimeout as delay } from "node:timers/promises";
import { median } from "../../scenarios/lib/median.ts";
import { startProbe } from "../probe/probe.ts";
import { type ProbeSummary, summarise } from "../probe/summarise.ts";
import type { Attempt } from "../record/attempt.ts";
import { InconclusiveError } from "../run/exit.ts";
import type { Run } from "../run/run.ts";
import type { Stage } from "../stage/stage.ts";
import { startHarnessServer } from "./harness-server.ts";
import { type AimListener, leadRounds, windowAnswer } from "./lead-rounds.ts";
import { type KnownWindow, planWithoutIdling } from "./plan.ts";
import type { AimSettings } from "./settings.ts";
import { type K6Run, startK6 } from "./start-k6.ts";
import { within } from "./within.ts";

export interface Volley {
  name: string;
  attempts: Attempt[];
  probe: ProbeSummary;
  /** Users whose connection could not be aimed at, and why. */
  out?: readonly { user: number; why: string }[];
}

export interface Aimed {
  /** One per stage, in the given order. */
  volleys: Volley[];
  /** One per round. */
  windows: KnownWindow[];
}

/**
 * Fires the same aimed traffic at every stage at the same time. Probe and first aim share one idle period: the probe's
 * connections to the first stage's target lead the aimed ones by LEAD_MS, so its close time is known just in time.
 * The other stages get the same gaps.
 * A first stage's target that keeps its connections longer than the LB does has no such instant: see
 * `settings.otherwise`.
 * @throws InconclusiveError when a part dies, or the first stage's target keeps its connections beyond maxWaitMs
 */
export async function aim(
  run: Run,
  stages: readonly Stage[],
  settings: AimSettings,
  listener: AimListener,
): Promise<Aimed> {
  const harness = await startHarnessServer(
    stages.map(({ name }) => name),
    settings.users,
    { request: settings.request, okStatus: settings.okStatus },
    stages.map(({ k6 }) => k6.harness.listenOn),
  );
  run.defer(() => harness.close());
  const k6s: K6Run[] = [];
  for (const stage of stages) {
    const environment = {
      USERS: String(settings.users),
      ROUNDS: String(MAX_ROUNDS),
      SPACING_MS: String(settings.spacingMs),
      HARNESS_URL: harness.urlOf(stage.k6.harness),
    };
    k6s.push(await startK6For(run, stage, environment, settings, longestS(settings)));
  }

  const died = Promise.race([
    ...stages.map(({ died }) => died),
    ...k6s.map(({ thresholdsHeld }, i) => rejectWhenItEndsEarly(thresholdsHeld, () => harness.isDone(stages[i]!.name))),
  ]);
  died.catch(() => {});
  await within(READY_MS, "k6's users were not ready", Promise.race([harness.everyoneReady, died]));

  const probes = stages.map(({ targetUrl }) =>
    startProbe(new URL(settings.request.path, targetUrl), PROBE_CONNECTIONS, settings.request),
  );
  run.defer(() => {
    for (const probe of probes) probe.stop();
  });
  const idle = Promise.all(probes.map((probe) => probe.idle));
  await within(READY_MS, "the target did not answer the probe", Promise.race([idle, died]));
  const idleSinceMs = performance.now();
  const { name } = stages[0]!;
  const exchangeMs = median(harness.exchangesOf(name));
  const leader = { name, probe: probes[0]!, idleSinceMs, exchangeMs };
  const foreknown = settings.otherwise && (await planWithoutIdling(leader.probe, settings.rttMs, settings.rounds));
  harness.start((name, user) => {
    const index = stages.findIndex((stage) => stage.name === name);
    return LEAD_MS + (user + index / stages.length) * settings.spacingMs;
  }, foreknown && windowAnswer(foreknown.first, exchangeMs));

  const windows = await Promise.race([leadRounds(harness, leader, settings, listener, foreknown), died]);
  await Promise.race([Promise.all(k6s.map(({ thresholdsHeld }) => thresholdsHeld)), died]);
  if (settings.otherwise) {
    // The last connections of the users went idle up to a second after the probe's, and ended before the LB's timeout.
    const leftMs = idleSinceMs + settings.maxWaitMs - performance.now();
    await Promise.race([leader.probe.seen, delay(Math.max(0, leftMs), null, { ref: false }), died]);
  }
  for (const probe of probes) probe.stop();
  const seen = await Promise.all(probes.map((probe) => probe.seen));
  const volleys = stages.map(({ name }, i) => ({
    name,
    attempts: harness.attemptsOf(name),
    probe: summarise(seen[i]!),
  }));
  return { volleys, windows };
}

/** Far longer than k6 takes to start or a living target to answer. */
export const READY_MS = 60_000;

/** Enough for a median and for a spread that leaves out the odd late one; few enough to disturb nothing. */
const PROBE_CONNECTIONS = 10;

/** How far the probe leads the first aimed request: time for its closes to arrive and to be told to every user. */
const LEAD_MS = 25;

/** k6 needs a number of iterations; the harness says when it is enough. */
export const MAX_ROUNDS = 100;

export async function startK6For(
  run: Run,
  stage: Stage,
  environment: Record<string, string>,
  settings: Pick<AimSettings, "bundle" | "dashboard" | "request">,
  longestS: number,
): Promise<K6Run> {
  const place = stage.k6;
  const k6 = await startK6({
    place,
    bundle: settings.bundle,
    environment: {
      TARGET_BASE_URL: place.lbUrl ?? stage.lbUrl,
      ...environment,
      RUN_NAME: stage.name,
      // Only then: it has k6 end the run, and what that is worth depends on the whole run's length.
      ...(settings.dashboard && { MAX_DURATION_S: String(longestS) }),
    },
    dashboard: settings.dashboard,
    onLine: (line) => stage.logs.k6.push(line),
    secrets: queriesOf(settings.request.path),
  });
  run.defer(() => k6.process.stop());
  run.signal.throwIfAborted();
  return k6;
}

/** Three tries a round, each an idle period, and k6's start. */
const longestS = ({ rounds, otherwise, maxWaitMs }: AimSettings): number =>
  60 + Math.ceil(((1 + 3 * (rounds + (otherwise?.rounds ?? 0))) * maxWaitMs) / 1000);

/** The query as it was given and as a URL holds it: k6's errors may quote either. */
function queriesOf(path: string): string[] {
  const given = path.slice(path.indexOf("?") + 1);
  return path.includes("?") && given !== "" ? [given, new URL(path, "http://lb").search.slice(1)] : [];
}

// k6 ends by itself when all its users have reported. Before that its end is a failure, whatever its exit code.
export async function rejectWhenItEndsEarly(ended: Promise<unknown>, hasReported: () => boolean): Promise<never> {
  await ended;
  if (hasReported()) return new Promise(() => {});
  throw new InconclusiveError("k6 ended before all its users had reported");
}
