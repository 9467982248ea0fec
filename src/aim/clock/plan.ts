import { setTimeout as delay } from "node:timers/promises";
import {
  type Exchange,
  type Trial,
  type Window,
  windowFromCloses,
  windowFromTrials,
} from "../../../scenarios/lib/window.ts";
import type { Probe } from "../../probe/probe.ts";
import { summarise } from "../../probe/summarise.ts";
import type { Attempt } from "../../record/attempt.ts";
import type { WindowKind } from "../../record/result.ts";
import type { AimedWindow } from "../volley.ts";
import type { LastReuse } from "./settings.ts";

/** Where a round aims. */
export interface KnownWindow extends AimedWindow {
  /** Its edges are set, not estimated: no user has to look for them beside it. */
  set?: true;
}

/** What the rounds aim at. */
export interface Plan {
  first: KnownWindow;
  /** The window of the round after `round`, from all attempts so far; null when that was the last one. */
  after(round: number, attempts: readonly Attempt[], last: KnownWindow): KnownWindow | null;
}

/** At the target's close: the first round where the probe saw it, the later ones where the attempts show it. */
export function planAtClose(closesMs: readonly number[], exchange: Exchange, rounds: number): Plan {
  return {
    first: { ...windowFromCloses(closesMs, exchange), kind: "close", source: "probe" },
    after(round, attempts, last) {
      if (round + 1 === rounds) return null;
      const better = windowFromTrials(attempts.filter(isTrial), exchange.rttMs);
      return better === null ? last : { ...better, kind: "close", source: `rounds up to ${round + 1}` };
    },
  };
}

/**
 * For an LB whose pools nobody can choose: all users ask at once, and which of the connections that went idle together a
 * request gets is chance. Requests in a crowd are some ms late, and nobody knows how many: each round looks beside the
 * last one until something is lost, and the rounds end when that is proof enough.
 */
export function planAroundClose(closesMs: readonly number[], exchange: Exchange, rounds: number): Plan {
  const { fromMs, toMs } = windowFromCloses(closesMs, exchange);
  const beside = (offsetMs: number) =>
    setWindow("close", "probe", { fromMs: Math.max(0, fromMs + offsetMs), toMs: Math.max(0, toMs + offsetMs) });
  let turn = 0;
  return {
    first: beside(OFFSETS_MS[0]!),
    after(round, attempts, last) {
      const lost = attempts.filter(({ outcome }) => outcome === "lost");
      if (round + 1 === rounds || lost.length >= PROOF_ENOUGH) return null;
      if (lost.some((attempt) => attempt.round === round)) return last;
      turn += 1;
      return beside(OFFSETS_MS[turn % OFFSETS_MS.length]!);
    },
  };
}

/** On 2 cores 20 requests at once are 3-8 ms late; on a bigger machine hardly at all. */
const OFFSETS_MS = [-5, -2, -8, 1, -11, 4, -14];

/** It is somebody's LB: enough is enough. */
const PROOF_ENOUGH = 10;

/**
 * For a target that keeps its connections longer than the LB does: rounds at the last gaps at which the LB still
 * reuses one. What is still open then was open at every earlier moment. No nearer to the timeout: the simulated LB
 * repeats what is lost in its last 50 ms (haproxy.cfg, add(50)), which would hide a loss.
 * When thorough, two more rounds: where the LB itself closes, and where the target does, if it has by then.
 * @param closes resolves with the target's closes, ms, if it closes at all
 */
export function planAtLastReuse(
  { lbIdleMs, rounds, thorough }: LastReuse,
  closes: Promise<readonly number[]>,
  exchange: Exchange,
): Plan {
  let closesMs: readonly number[] | null = null;
  void closes.then((all) => {
    closesMs = all;
  });
  const { rttMs } = exchange;
  return {
    first: setWindow("last-reuse", "the LB's last reuse", { fromMs: lbIdleMs - 300, toMs: lbIdleMs - 100 }),
    after(round, _attempts, last) {
      const beyond = round + 1 - rounds;
      if (beyond < 0) return last;
      if (!thorough || beyond > 1) return null;
      const [fromMs, toMs] = [lbIdleMs - rttMs, lbIdleMs + rttMs];
      if (beyond === 0) return setWindow("lb-idle", "the LB's idle timeout", { fromMs, toMs });
      if (closesMs === null) return null;
      return { ...windowFromCloses(closesMs, exchange), kind: "late-close", source: "the target's own close" };
    },
  };
}

/**
 * For a target that keeps no connection at all, as its probe tells within a moment: nothing goes idle, so there is
 * nothing to wait for. null = the target keeps its connections.
 */
export async function planWithoutIdling(
  probe: Pick<Probe, "seen">,
  rttMs: number,
  rounds: number,
): Promise<Plan | null> {
  const seen = await Promise.race([probe.seen, delay(AT_ONCE_MS, null, { ref: false })]);
  if (seen === null || seen.length === 0) return null;
  if (summarise(seen).announcedClose) {
    const source = "none: the target announces its closes";
    return { first: setWindow("announced", source, { fromMs: 100, toMs: 300 }), after: () => null };
  }
  return {
    // Its FIN follows the answer: until that arrives, the LB takes the connection for a good one.
    first: setWindow("at-once", "the target closes after each answer", { fromMs: 0, toMs: rttMs + 1 }),
    after: (round, _attempts, last) => (round + 1 < rounds ? last : null),
  };
}

/** A target that closes later than this has idle connections. */
const AT_ONCE_MS = 60;

const setWindow = (kind: WindowKind, source: string, window: Window): KnownWindow => ({
  ...window,
  kind,
  source,
  set: true,
});

const isTrial = (attempt: Attempt): attempt is Attempt & Trial =>
  attempt.outcome === "own" || attempt.outcome === "lost" || attempt.outcome === "fresh";
