import { median } from "./median.ts";

/** The client's idle gaps, in ms, in which a request is lost, as far as it is known: the middle half of it. */
export interface Window {
  fromMs: number;
  toMs: number;
}

export const isInside = (gapMs: number, { fromMs, toMs }: Window): boolean => gapMs >= fromMs && gapMs <= toMs;

/** A request sent after a set gap, and what became of its idle connection. */
export interface Trial {
  gapMs: number;
  /** own = reused and answered; lost = 502; fresh = it was gone, a new one was opened. */
  outcome: "own" | "lost" | "fresh";
}

/** How long one request and its answer take, ms. */
export interface Exchange {
  /** As the client sees it through the LB, on connections that are open. */
  throughLbMs: number;
  /** Straight to the target, past LB and network. */
  directMs: number;
  /** The round trip between LB and target. */
  rttMs: number;
}

/**
 * The window as the probe's closes foretell it.
 *
 * The client's gap runs from an answer to the next request, the target's idle time from sending that answer to
 * receiving that request: longer by all that the exchange took outside the target, `throughLb - direct`. So the target
 * has closed (T) when gap > T - (throughLb - direct), and the LB has not heard of it as long as the gap is no more than
 * a round trip beyond that.
 * @param closesMs idle closes as measured, unsorted, at least one
 */
export function windowFromCloses(closesMs: readonly number[], { throughLbMs, directMs, rttMs }: Exchange): Window {
  return around(densest(closesMs) - (throughLbMs - directMs) + rttMs / 2, rttMs);
}

/**
 * The window as trials show it: one round trip wide, answered gaps below it, fresh ones above. It is put where it
 * contradicts the fewest of them; in the middle of the best places.
 * @returns null when none was lost: then the trials do not tell
 */
export function windowFromTrials(trials: readonly Trial[], rttMs: number): Window | null {
  if (!trials.some(({ outcome }) => outcome === "lost")) return null;
  const gaps = trials.map(({ gapMs }) => gapMs);
  const contradictions = (middleMs: number) => trials.filter((trial) => contradicts(trial, middleMs, rttMs)).length;
  let fewest = Number.POSITIVE_INFINITY;
  let best: number[] = [];
  for (let middleMs = Math.min(...gaps) - rttMs; middleMs <= Math.max(...gaps) + rttMs; middleMs += STEP_MS) {
    const wrong = contradictions(middleMs);
    if (wrong < fewest) best = [];
    if (wrong <= fewest) best.push(middleMs);
    fewest = Math.min(fewest, wrong);
  }
  return around(median(best), rttMs);
}

const STEP_MS = 0.05;

function contradicts({ gapMs, outcome }: Trial, middleMs: number, rttMs: number): boolean {
  if (outcome === "own") return gapMs > middleMs - rttMs / 2;
  if (outcome === "fresh") return gapMs < middleMs + rttMs / 2;
  return Math.abs(gapMs - middleMs) > rttMs / 2;
}

// The middle half: the target's timer and ours are no better than some tenths of a ms.
function around(middleMs: number, rttMs: number): Window {
  const halfMs = Math.max(rttMs / 4, FINEST_AIM_MS);
  return { fromMs: middleMs - halfMs, toMs: middleMs + halfMs };
}

/** Where there is no round trip to speak of, this is as near as k6 gets. */
const FINEST_AIM_MS = 0.2;

/**
 * The middle of the half of the values that lie closest together: a busy moment makes some closes late, never early,
 * and would draw even the median after it. @param values unsorted, at least one
 */
function densest(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.ceil(sorted.length / 2);
  const widthFrom = (first: number): number => (sorted[first + half - 1] as number) - (sorted[first] as number);
  let best = 0;
  for (let first = 1; first + half <= sorted.length; first++) if (widthFrom(first) < widthFrom(best)) best = first;
  return median(sorted.slice(best, best + half));
}
