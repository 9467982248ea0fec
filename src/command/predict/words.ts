import type { LogPrediction, LogSituation } from "../../model/log-gaps.ts";
import { type Prediction, predict, type Situation } from "../../model/predict.ts";
import { setting } from "../../record/units.ts";
import type { LogRead } from "./read-log.ts";

/** The prediction in sentences: how many a day, how that comes about, and what the worst would be. */
export function predictionLines(situation: Situation, prediction: Prediction): string[] {
  const { perDay, lossPerRequest, boundPerRequest, window, worst } = prediction;
  const widthMs = window.toMs - window.fromMs;
  const { shape } = situation.traffic;
  const between = perDay.low === perDay.high ? `${perDay.low}` : `${perDay.low} to ${perDay.high}`;
  return [
    `About ${rounded(perDay.expected)} a day, ${between} on 95 of 100 days: ${oneIn(lossPerRequest)} requests.`,
    `A request is lost when its connection has been idle for ${setting(situation.idleCloseMs)}, within ${widthMs.toFixed(1)} ms: one round trip, and what the LB takes to notice.`,
    ...(shape === "poisson"
      ? [
          `Such traffic loses ${oneIn(boundPerRequest)} at most, at ${perMinute(worst.perRequestPerS)}; most in an hour at ${perMinute(worst.perHourPerS)}: ${rounded(atWorst(situation, worst.perHourPerS))} a day.`,
        ]
      : [
          `Poisson traffic would lose ${oneIn(boundPerRequest)} at most; a period near the idle close has no such bound.`,
        ]),
  ];
}

/** The same from a log, and what of it does not count. */
export function logPredictionLines(
  { idleCloseMs, rttMs }: LogSituation,
  { requests, pools, spanMs, near, perDay, leftOut, unread, broken }: LogPrediction & Omit<LogRead, "pools">,
): string[] {
  return [
    `About ${rounded(perDay.expected)} a day, ${perDay.low} to ${perDay.high} with 95 % confidence, for a target that closes after ${setting(idleCloseMs)} over a round trip of ${setting(rttMs)}.`,
    `It rests on ${requests} requests of ${pools} pools (LB node and target) in ${(spanMs / 3_600_000).toFixed(1)} h: ${near.gaps} of them came after a gap within ${setting(Math.round(near.reachMs))} of the close.`,
    "One connection of each pool is taken to be in use at a time; docs/model.md has the rest.",
    ...(leftOut > 0
      ? [
          `Requests that do not count, as their pools come after the first ${pools}: ${leftOut}; give fewer days, or one ALB.`,
        ]
      : []),
    ...(unread > 0
      ? [`Lines that do not count, as they are not an ALB's or lack request_creation_time: ${unread}.`]
      : []),
    ...broken.map(({ file, reason }) => `${file} was not read to its end: ${reason}`),
  ];
}

const atWorst = (situation: Situation, ratePerS: number): number => predict({ ...situation, ratePerS }).perDay.expected;

const perMinute = (perS: number): string => `${rounded(perS * 60)} requests a minute`;

/** "1 in 16,300"; none for what happens less than once in a hundred million. */
function oneIn(share: number): string {
  if (share < 1e-8) return "none of the";
  return `1 in ${Math.max(1, Number((1 / share).toPrecision(3))).toLocaleString("en-US")}`;
}

const rounded = (value: number): string =>
  value < 0.01 ? "0" : Number(value.toPrecision(2)).toLocaleString("en-US", { maximumFractionDigits: 2 });
