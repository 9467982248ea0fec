import type { Traffic } from "../../scenarios/lib/arrivals.ts";
import { gapShare } from "./gap-share.ts";
import { poissonInterval } from "./poisson.ts";

/** What decides how often ordinary traffic meets a close. Times in ms. */
export interface Situation {
  /** After which the target closes an idle connection, measured. */
  idleCloseMs: number;
  /** Round trip between LB and target. */
  rttMs: number;
  /** From a request to its answer; matters to bursts only. */
  answerMs: number;
  /** Requests to all nodes and targets together, a second. */
  ratePerS: number;
  /** LB nodes, each with a pool of its own; clients choose one at random. */
  nodes: number;
  /** Targets behind each node, taken at random. */
  targets: number;
  /** Of one pool's traffic; its mean gap follows from the rate. */
  traffic: Omit<Traffic, "meanGapMs">;
}

export interface Prediction {
  /** Within which gaps a request is lost, ms: as wide as the round trip and the LB's reaction. */
  window: { fromMs: number; toMs: number };
  lossPerRequest: number;
  /** Expected, with the interval that holds 95 % of days. */
  perDay: { expected: number; low: number; high: number };
  /** Poisson traffic on one connection cannot lose more than this, whatever its rate: w / (e T). */
  boundPerRequest: number;
  /** The rates of all traffic at which most requests, and most an hour, are lost. */
  worst: { perRequestPerS: number; perHourPerS: number };
}

/** How many requests a day are lost: the share of gaps that end in the window, times the requests. */
export function predict({ idleCloseMs, rttMs, answerMs, ratePerS, nodes, targets, traffic }: Situation): Prediction {
  const pools = nodes * targets;
  const window = windowOf(idleCloseMs, rttMs);
  const paced = { ...traffic, meanGapMs: (1000 * pools) / ratePerS };
  const lossPerRequest = gapShare(paced, window.fromMs, window.toMs, answerMs);
  const expected = lossPerRequest * ratePerS * S_PER_DAY;
  const inPoolPerS = 1000 / idleCloseMs;
  return {
    window,
    lossPerRequest,
    perDay: { expected, ...poissonInterval(expected) },
    boundPerRequest: (window.toMs - window.fromMs) / (Math.E * idleCloseMs),
    worst: { perRequestPerS: pools * inPoolPerS, perHourPerS: 2 * pools * inPoolPerS },
  };
}

/**
 * A request is lost when it leaves the LB before the FIN has come, and comes to the target after that has closed: from one
 * round trip before the close, as the LB counts idle time from the answer's arrival, to when the LB has noticed.
 */
export const windowOf = (idleCloseMs: number, rttMs: number) => ({
  fromMs: Math.max(0, idleCloseMs - rttMs),
  toMs: idleCloseMs + REACTION_MS,
});

/** From the FIN's arrival until the LB's pool no longer hands the connection out, as `npm run bench model` fits it here. */
export const REACTION_MS = 0.3;

const S_PER_DAY = 86_400;
