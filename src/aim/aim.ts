import { setTimeout as delay } from "node:timers/promises";
import { SPACING_MS } from "../../scenarios/lib/timing.ts";
import { median, type Trial, type Window, windowFromCloses, windowFromTrials } from "../../scenarios/lib/window.ts";
import { InconclusiveError } from "../cli/exit.ts";
import type { Run } from "../cli/run.ts";
import { type Probe, startProbe } from "../probe/probe.ts";
import { type ProbeSummary, summarise } from "../probe/summarise.ts";
import type { Stage } from "../stage/native/start-stage.ts";
import type { Attempt } from "../verdict/attempt.ts";
import { type HarnessServer, startHarnessServer } from "./harness-server.ts";
import { type K6Run, startK6 } from "./start-k6.ts";

export interface AimSettings {
  /** k6 users = LB nodes = pooled connections, of each stage. */
  users: number;
  /** Aimed requests per user. */
  rounds: number;
  method: "GET" | "POST";
  /** One request straight to the first stage's target, and the round trip of its network, both as measured, ms. */
  directMs: number;
  rttMs: number;
  /** The longest to wait for the target's idle close, ms. */
  maxWaitMs: number;
  /** k6's path and the bundle of scenarios/aimed.ts. */
  k6: string;
  bundle: string;
}

/** Where a round aimed, and what told it. */
export interface KnownWindow extends Window {
  source: string;
}

export interface Volley {
  name: string;
  attempts: Attempt[];
  probe: ProbeSummary;
  thresholdsHeld: boolean;
}

export interface Aimed {
  /** One per stage, in the given order. */
  volleys: Volley[];
  /** One per round. */
  windows: KnownWindow[];
}

/** What to tell people while it lasts. */
export interface AimListener {
  /** An idle period began; `expectedMs` is null as long as nobody knows how long it takes. */
  waiting(round: number, expectedMs: number | null): void;
  measured(closesMs: readonly number[]): void;
  fired(round: number, attempts: readonly Attempt[]): void;
}

/**
 * Fires the same aimed traffic at every stage at the same time. Probe and first aim share one idle period: the probe's
 * connections to the first stage's target lead the aimed ones by LEAD_MS, so its close time is known just in time.
 * The other stages get the same gaps.
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
  );
  run.defer(() => harness.close());
  const k6s: K6Run[] = [];
  for (const stage of stages) k6s.push(await startK6For(run, stage, harness, settings));

  const died = Promise.race([...stages.map(({ died }) => died), ...k6s.map(rejectWhenItEndsEarly)]);
  died.catch(() => {});
  await Promise.race([harness.everyoneReady, died]);

  const probes = stages.map((stage) => startProbe(new URL(stage.targetUrl), PROBE_CONNECTIONS));
  run.defer(() => {
    for (const probe of probes) probe.stop();
  });
  await Promise.all(probes.map(({ idle }) => idle));
  harness.start((name, user) => {
    const index = stages.findIndex((stage) => stage.name === name);
    return LEAD_MS + (user + index / stages.length) * SPACING_MS;
  });

  const windows = await Promise.race([leadRounds(harness, stages[0]!.name, probes[0]!, settings, listener), died]);
  const held = await Promise.all(k6s.map(({ thresholdsHeld }) => thresholdsHeld));
  for (const probe of probes) probe.stop();
  const seen = await Promise.all(probes.map((probe) => probe.seen));
  const volleys = stages.map(({ name }, i) => ({
    name,
    attempts: harness.attemptsOf(name),
    probe: summarise(seen[i]!),
    thresholdsHeld: held[i]!,
  }));
  return { volleys, windows };
}

/** Enough for a median and for a spread that leaves out the odd late one; few enough to disturb nothing. */
const PROBE_CONNECTIONS = 10;

/** How far the probe leads the first aimed request: time for its closes to arrive and to be told to every user. */
const LEAD_MS = 25;

async function startK6For(run: Run, stage: Stage, harness: HarnessServer, settings: AimSettings): Promise<K6Run> {
  const k6 = await startK6({
    command: settings.k6,
    bundle: settings.bundle,
    environment: {
      TARGET_BASE_URL: stage.lbUrl,
      METHOD: settings.method,
      USERS: String(settings.users),
      ROUNDS: String(settings.rounds),
      RTT_MS: String(settings.rttMs),
      HARNESS_URL: harness.url,
      RUN_NAME: stage.name,
    },
    onLine: (line) => stage.logs.k6.push(line),
  });
  run.defer(() => k6.process.stop());
  run.signal.throwIfAborted();
  return k6;
}

// k6 ends by itself when all its users have reported; long before that the race that this takes part in is over.
async function rejectWhenItEndsEarly(k6: K6Run): Promise<never> {
  await k6.thresholdsHeld;
  await delay(1000, undefined, { ref: false });
  throw new InconclusiveError("k6 ended before all its users had reported");
}

// The first stage leads: its probe and its attempts tell the windows for all.
async function leadRounds(
  harness: HarnessServer,
  leader: string,
  probe: Probe,
  settings: AimSettings,
  listener: AimListener,
): Promise<KnownWindow[]> {
  listener.waiting(0, null);
  const closesMs = await withinMs(settings.maxWaitMs, probe.closesMs);
  const exchangeMs = median(await harness.exchangesOf(leader));
  const foretold = windowFromCloses(closesMs, { ...settings, throughLbMs: exchangeMs });
  const windows: KnownWindow[] = [{ ...foretold, source: "probe" }];
  harness.announce(0, { window: foretold, exchangeMs });
  listener.measured(closesMs);
  for (let round = 0; round < settings.rounds; round++) {
    if (round > 0) listener.waiting(round, closesMs[0]!);
    const attempts = await harness.roundOf(leader, round);
    listener.fired(round, attempts);
    const better = windowFromTrials(harness.attemptsOf(leader).filter(isTrial), settings.rttMs);
    const next = better === null ? windows[round]! : { ...better, source: `rounds up to ${round + 1}` };
    if (round + 1 < settings.rounds) {
      windows.push(next);
      harness.announce(round + 1, { window: next, exchangeMs });
    }
  }
  return windows;
}

const isTrial = (attempt: Attempt): attempt is Attempt & Trial =>
  attempt.outcome === "own" || attempt.outcome === "lost" || attempt.outcome === "fresh";

async function withinMs<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `the target still keeps its idle connections after ${ms / 1000} s, longer than the LB does: the LB closes first and loses nothing, so there is nothing to aim at; raise --lb-idle`;
    // unref: when a part dies or Ctrl-C comes, nobody waits for this any more, and it must not hold the process.
    timer = setTimeout(() => reject(new InconclusiveError(message)), ms).unref();
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
