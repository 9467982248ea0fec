import { dayCurve, type Traffic, WITHIN_BURST_MS } from "../../scenarios/lib/arrivals.ts";

/**
 * The share of a user's requests that come after an idle gap between `fromMs` and `toMs`, as docs/model.md derives it.
 * @param answerMs from a request to its answer: what of a burst's period is not idle. The other shapes count from answers.
 */
export function gapShare(traffic: Traffic, fromMs: number, toMs: number, answerMs = 0): number {
  const { shape, meanGapMs, jitterMs, burst } = traffic;
  switch (shape) {
    case "poisson":
      return exponentialShare(meanGapMs, fromMs, toMs);
    case "period":
      return uniform(toMs - meanGapMs, jitterMs) - uniform(fromMs - meanGapMs, jitterMs);
    case "bursts": {
      const betweenMs = burst * (meanGapMs - answerMs) - (burst - 1) * WITHIN_BURST_MS;
      const between = triangular(toMs - betweenMs, jitterMs) - triangular(fromMs - betweenMs, jitterMs);
      const within = fromMs <= WITHIN_BURST_MS && WITHIN_BURST_MS < toMs ? 1 : 0;
      return (between + (burst - 1) * within) / burst;
    }
    case "day":
      return overTheDay((rate) => exponentialShare(meanGapMs / rate, fromMs, toMs));
  }
}

const exponentialShare = (meanMs: number, fromMs: number, toMs: number): number =>
  Math.exp(-Math.max(0, fromMs) / meanMs) - Math.exp(-Math.max(0, toMs) / meanMs);

/** The distribution of something even between -reach and +reach; a step where there is no reach. */
function uniform(x: number, reach: number): number {
  if (reach === 0) return x >= 0 ? 1 : 0;
  return Math.min(1, Math.max(0, (x + reach) / (2 * reach)));
}

/** Of the difference of two that are even between 0 and `reach`. */
function triangular(x: number, reach: number): number {
  if (reach === 0) return x >= 0 ? 1 : 0;
  const y = Math.min(1, Math.max(-1, x / reach));
  return y <= 0 ? (1 + y) ** 2 / 2 : 1 - (1 - y) ** 2 / 2;
}

/** Busy hours have more requests, and so more weight. */
function overTheDay(shareAt: (rate: number) => number): number {
  let weighted = 0;
  let weight = 0;
  for (let step = 0; step < STEPS; step++) {
    const rate = dayCurve((step + 0.5) / STEPS);
    weighted += rate * shareAt(rate);
    weight += rate;
  }
  return weighted / weight;
}

const STEPS = 1440;
