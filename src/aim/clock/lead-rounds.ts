import { setTimeout as delay } from "node:timers/promises";
import type { WindowAnswer } from "../../../scenarios/lib/harness-protocol.ts";
import type { Probe } from "../../probe/probe.ts";
import type { AimedWindow, AimListener } from "../volley.ts";
import { within } from "../within.ts";
import type { HarnessServer } from "./harness-server.ts";
import { type KnownWindow, type Plan, planAroundClose, planAtClose, planAtLastReuse } from "./plan.ts";
import type { ClockSettings } from "./settings.ts";

/** The stage whose target tells where all stages aim. */
export interface Leader {
  name: string;
  probe: Pick<Probe, "closesMs">;
  /** performance.now() when the probe's connections had all become idle. */
  idleSinceMs: number;
  /** The median time of an exchange through its LB, ms. */
  exchangeMs: number;
}

/**
 * Tells the window of each round to the users of all stages.
 * @param foreknown the plan, where it took no waiting for the target's close
 * @returns the windows, one per round
 * @throws InconclusiveError when the leader's target keeps its connections and the LB's last reuse cannot be aimed at
 */
export async function leadRounds(
  harness: HarnessServer,
  leader: Leader,
  settings: ClockSettings,
  listener: AimListener,
  foreknown: Plan | null,
): Promise<AimedWindow[]> {
  const plan = foreknown ?? (await planByProbe(leader, settings, listener));
  const windows: AimedWindow[] = [];
  for (let next: KnownWindow | null = plan.first; next !== null; ) {
    const window: KnownWindow = next;
    const round = windows.push(window) - 1;
    harness.announce(round, windowAnswer(window, leader.exchangeMs));
    if (round > 0) listener.waiting(round, window.toMs);
    // A user that misses its moment tries again, twice at most.
    const limitMs = 3 * (window.toMs + settings.users * settings.spacingMs) + SLACK_MS;
    const attempts = await within(limitMs, `round ${round + 1} was not over`, harness.roundOf(leader.name, round));
    listener.fired(round, attempts, window.source);
    next = plan.after(round, harness.attemptsOf(leader.name), window);
    harness.decide(round, { done: next === null });
  }
  return windows;
}

export const windowAnswer = (known: KnownWindow, exchangeMs: number): WindowAnswer => ({
  window: { fromMs: known.fromMs, toMs: known.toMs },
  exchangeMs,
  sweeps: !known.set,
});

/** For a request that nobody answers. */
const SLACK_MS = 60_000;

async function planByProbe(
  { probe, idleSinceMs, exchangeMs }: Leader,
  settings: ClockSettings,
  listener: AimListener,
): Promise<Plan> {
  listener.waiting(0, null);
  const closesMs = await closesInTime(probe, idleSinceMs, settings);
  listener.measured(closesMs);
  const exchange = { directMs: settings.directMs, rttMs: settings.rttMs, throughLbMs: exchangeMs };
  if (closesMs && settings.spacingMs === 0) return planAroundClose(closesMs, exchange, settings.rounds);
  if (closesMs) return planAtClose(closesMs, exchange, settings.rounds);
  return planAtLastReuse(settings.lastReuse!, probe.closesMs, exchange);
}

/** The probe's closes; null when the LB's last reuse comes first and is to be aimed at instead. */
async function closesInTime(
  probe: Leader["probe"],
  idleSinceMs: number,
  { maxWaitMs, lastReuse, neverClosed }: ClockSettings,
): Promise<number[] | null> {
  if (lastReuse && lastReuse.lbIdleMs <= maxWaitMs) {
    const leftMs = idleSinceMs + lastReuse.lbIdleMs - DECIDE_BEFORE_MS - performance.now();
    return Promise.race([probe.closesMs, delay(Math.max(0, leftMs), null, { ref: false })]);
  }
  return within(maxWaitMs, neverClosed, probe.closesMs);
}

/** The users have to know where to aim before the first of them fires. */
const DECIDE_BEFORE_MS = 400;
