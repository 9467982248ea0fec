import { setTimeout as delay } from "node:timers/promises";
import { median } from "../../../scenarios/lib/median.ts";
import { type Probe, startProbe } from "../../probe/probe.ts";
import { summarise } from "../../probe/summarise.ts";
import type { Run } from "../../run/run.ts";
import type { Stage } from "../../stage/stage.ts";
import { READY_MS, startUsers } from "../start-users.ts";
import type { Aimed, AimListener } from "../volley.ts";
import { createWatch } from "../watch-beside.ts";
import { within } from "../within.ts";
import { startHarnessServer } from "./harness-server.ts";
import { leadRounds, windowAnswer } from "./lead-rounds.ts";
import { planWithoutIdling } from "./plan.ts";
import type { ClockSettings } from "./settings.ts";

/**
 * Fires the same aimed traffic at every stage at the same time. Probe and first aim share one idle period: the probe's
 * connections to the first stage's target go idle LEAD_MS before the aimed ones, so its close is known just in time.
 * The other stages get the same gaps. See `settings.lastReuse` for a target that keeps its connections longer than the
 * LB does.
 * @throws InconclusiveError when a part dies, or the first stage's target keeps its connections beyond maxWaitMs
 */
export async function aimByClock(
  run: Run,
  stages: readonly Stage[],
  settings: ClockSettings,
  listener: AimListener,
): Promise<Aimed> {
  const harness = await startHarnessServer(
    stages.map(({ name }) => name),
    settings.users,
    { request: settings.request, okStatus: settings.okStatus },
    stages.map(({ k6 }) => k6.harness),
  );
  run.defer(() => harness.close());
  const { k6s, died } = await startUsers(run, stages, {
    ...settings,
    harnessUrlOf: ({ k6 }) => harness.urlOf(k6.harness),
    harnessToken: harness.token,
    environment: { SPACING_MS: String(settings.spacingMs) },
    longestS: longestS(settings),
    haveReported: ({ name }) => harness.isDone(name),
  });
  await within(READY_MS, "k6's users were not ready", Promise.race([harness.everyoneReady, died]));

  const probes = stages.map(({ targetUrl }) => startProbe(new URL(targetUrl), PROBE_CONNECTIONS, settings.request));
  run.defer(() => {
    for (const probe of probes) probe.stop();
  });
  const idle = Promise.all(probes.map((probe) => probe.idle));
  await within(READY_MS, "the target did not answer the probe", Promise.race([idle, died]));
  const idleSinceMs = performance.now();
  // The probe's connections were begun at once, for the aim: these show how coarse the target's clock is.
  const watch = createWatch(run, new URL(settings.request.path, stages[0]!.targetUrl), {
    ...{ request: settings.request, maxWaitMs: settings.maxWaitMs },
    watchers: settings.lastReuse ? WATCHERS : 0,
  });
  watch.start();
  const { name } = stages[0]!;
  const exchangeMs = median(harness.exchangesOf(name));
  const leader = { name, probe: probes[0]!, idleSinceMs, exchangeMs };
  const foreknown = settings.lastReuse && (await planWithoutIdling(leader.probe, settings.rttMs, settings.rounds));
  harness.start((name, user) => {
    const index = stages.findIndex((stage) => stage.name === name);
    return LEAD_MS + (user + index / stages.length) * settings.spacingMs;
  }, foreknown && windowAnswer(foreknown.first, exchangeMs));

  const windows = await Promise.race([leadRounds(harness, leader, settings, listener, foreknown), died]);
  await Promise.race([Promise.all(k6s.map(({ thresholdsHeld }) => thresholdsHeld)), died]);
  if (settings.lastReuse) {
    // The users' last connections went idle up to a second after the probe's, and ended before the LB's timeout.
    const leftMs = idleSinceMs + settings.maxWaitMs - performance.now();
    await Promise.race([leader.probe.seen, delay(Math.max(0, leftMs), null, { ref: false }), died]);
  }
  const early = settings.lastReuse && (await closedBefore(leader.probe, settings.lastReuse.lbIdleMs));
  const beside = await Promise.race([watch.end(early !== false), died]);
  for (const probe of probes) probe.stop();
  const seen = await Promise.all(probes.map((probe) => probe.seen));
  const volleys = stages.map(({ name }, i) => ({
    name,
    attempts: harness.attemptsOf(name),
    probe:
      i > 0
        ? summarise(seen[i]!)
        : early
          ? summarise(seen[i]!, { busy: beside.busy, others: beside.idle })
          : summarise([...seen[i]!, ...beside.idle], { busy: beside.busy }),
  }));
  return { volleys, windows };
}

/** Whether half of its connections were closed before the LB would have. */
async function closedBefore({ closesMs }: Probe, lbIdleMs: number): Promise<boolean> {
  const closes = await Promise.race([closesMs, delay(0, null)]);
  return closes !== null && median(closes) < lbIdleMs;
}

const WATCHERS = 3;

/** Enough for a median and for a spread that leaves out the odd late one; few enough to disturb nothing. */
const PROBE_CONNECTIONS = 10;

/** How far the probe leads the first aimed request: time for its closes to arrive and for every user to be told. */
const LEAD_MS = 25;

/** k6's start, and up to three tries a round, each an idle period. */
const longestS = ({ rounds, lastReuse, maxWaitMs }: ClockSettings): number =>
  60 + Math.ceil(((1 + 3 * (rounds + (lastReuse?.rounds ?? 0))) * maxWaitMs) / 1000);
