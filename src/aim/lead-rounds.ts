import { setTimeout as delay } from "node:timers/promises";
import type { WindowAnswer } from "../../scenarios/lib/harness-protocol.ts";
import type { Probe } from "../probe/probe.ts";
import type { Attempt } from "../record/attempt.ts";
import type { HarnessServer } from "./harness-server.ts";
import {
  DECIDE_BEFORE_MS,
  type KnownWindow,
  type Plan,
  planAroundClose,
  planAtClose,
  planAtLastReuse,
} from "./plan.ts";
import type { AimSettings } from "./settings.ts";
import { within } from "./within.ts";

/** What to tell people while it lasts. */
export interface AimListener {
  /** An idle period began; `expectedMs` is null as long as nobody knows how long it takes. */
  waiting(round: number, expectedMs: number | null): void;
  /** The probe's closes; null when it saw none before the LB's own idle timeout. */
  measured(closesMs: readonly number[] | null): void;
  /** @param how what told the moment, in words */
  fired(round: number, attempts: readonly Attempt[], how: string): void;
}

/** The stage whose target tells where all stages aim. */
export interface Leader {
  name: string;
  probe: Probe;
  /** performance.now() when the probe's connections had all become idle. */
  idleSinceMs: number;
  /** How long an exchange through its LB takes, the median, ms. */
  exchangeMs: number;
}

/**
 * Tells the window of each round to the users of all stages.
 * @param foreknown the plan, when it needed no waiting for the target's close
 * @returns the windows, one per round
 * @throws InconclusiveError when the leader's target keeps its connections beyond maxWaitMs and there is no other aim
 */
export async function leadRounds(
  harness: HarnessServer,
  leader: Leader,
  settings: AimSettings,
  listener: AimListener,
  foreknown: Plan | null,
): Promise<KnownWindow[]> {
  const plan = foreknown ?? (await planByProbe(leader, settings, listener));
  const windows: KnownWindow[] = [];
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
  sweepMs: known.set ? 0 : null,
});

/** What a request may take that nobody answers. */
const SLACK_MS = 60_000;

async function planByProbe(
  { probe, idleSinceMs, exchangeMs }: Leader,
  settings: AimSettings,
  listener: AimListener,
): Promise<Plan> {
  listener.waiting(0, null);
  const closesMs = await closesInTime(probe, idleSinceMs, settings);
  listener.measured(closesMs);
  const exchange = { directMs: settings.directMs, rttMs: settings.rttMs, throughLbMs: exchangeMs };
  if (closesMs && settings.spacingMs === 0) return planAroundClose(closesMs, exchange, settings.rounds);
  if (closesMs) return planAtClose(closesMs, exchange, settings.rounds);
  return planAtLastReuse(settings.otherwise!, probe, exchange);
}

/** The probe's closes; null when the LB's last reuse comes first and is to be aimed at instead. */
async function closesInTime(
  probe: Probe,
  idleSinceMs: number,
  { maxWaitMs, otherwise }: AimSettings,
): Promise<number[] | null> {
  if (otherwise && otherwise.lbIdleMs <= maxWaitMs) {
    const leftMs = idleSinceMs + otherwise.lbIdleMs - DECIDE_BEFORE_MS - performance.now();
    return Promise.race([probe.closesMs, delay(Math.max(0, leftMs), null, { ref: false })]);
  }
  const why = otherwise
    ? "--max-wait was over before the target closed its idle connections, or the LB would have; it still kept them"
    : "nothing to aim at: the LB closes idle connections first; raise --lb-idle. The target still kept its own";
  return within(maxWaitMs, why, probe.closesMs);
}
