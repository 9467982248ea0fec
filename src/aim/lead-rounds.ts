import { median } from "../../scenarios/lib/median.ts";
import { SPACING_MS } from "../../scenarios/lib/timing.ts";
import { type Trial, type Window, windowFromCloses, windowFromTrials } from "../../scenarios/lib/window.ts";
import type { Probe } from "../probe/probe.ts";
import type { Attempt } from "../verdict/attempt.ts";
import type { HarnessServer } from "./harness-server.ts";
import type { AimSettings } from "./settings.ts";
import { within } from "./within.ts";

/** Where a round aimed, and what told it. */
export interface KnownWindow extends Window {
  source: string;
}

/** What to tell people while it lasts. */
export interface AimListener {
  /** An idle period began; `expectedMs` is null as long as nobody knows how long it takes. */
  waiting(round: number, expectedMs: number | null): void;
  measured(closesMs: readonly number[]): void;
  fired(round: number, attempts: readonly Attempt[]): void;
}

/**
 * Tells the window of each round to the users of all stages: the first from the leader's probe, the later ones from
 * what its attempts came to.
 * @throws InconclusiveError when the leader's target keeps its connections beyond maxWaitMs
 */
export async function leadRounds(
  harness: HarnessServer,
  leader: string,
  probe: Probe,
  settings: AimSettings,
  listener: AimListener,
): Promise<KnownWindow[]> {
  listener.waiting(0, null);
  const closesMs = await within(
    settings.maxWaitMs,
    "nothing to aim at: the LB closes idle connections first; raise --lb-idle. The target still kept its own",
    probe.closesMs,
  );
  const exchangeMs = median(harness.exchangesOf(leader));
  const foretold = windowFromCloses(closesMs, { ...settings, throughLbMs: exchangeMs });
  const windows: KnownWindow[] = [{ ...foretold, source: "probe" }];
  harness.announce(0, { window: foretold, exchangeMs });
  listener.measured(closesMs);
  // A user that misses its moment tries again, twice at most.
  const limitMs = 3 * (closesMs[0]! + settings.users * SPACING_MS) + SLACK_MS;
  for (let round = 0; round < settings.rounds; round++) {
    if (round > 0) listener.waiting(round, closesMs[0]!);
    const attempts = await within(limitMs, `round ${round + 1} was not over`, harness.roundOf(leader, round));
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

/** What a request may take that nobody answers. */
const SLACK_MS = 60_000;

const isTrial = (attempt: Attempt): attempt is Attempt & Trial =>
  attempt.outcome === "own" || attempt.outcome === "lost" || attempt.outcome === "fresh";
