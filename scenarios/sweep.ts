// The signature: what becomes of a connection that was idle for each gap of a range. One line per attempt, and the
// range of each outcome as a metric.
import exec from "k6/execution";
import { Counter, Trend } from "k6/metrics";
import { nowMs, onTheMs, waitUntil } from "./k6/clock.ts";
import { ownRequest } from "./k6/harness.ts";
import { lbRequest } from "./k6/lb-request.ts";
import { openConnections, warmConnection } from "./k6/warm.ts";
import { readSweepOptions } from "./lib/options.ts";
import { classify } from "./lib/outcome.ts";
import { sweepGap, sweepRounds } from "./lib/sweep-plan.ts";
import { SPACING_MS } from "./lib/timing.ts";

const settings = readSweepOptions(__ENV);
const route = { url: settings.url, ...ownRequest(settings.method) };
const byOutcome = {
  own: new Trend("lb_gap_reused", true),
  lost: new Trend("lb_gap_502", true),
  fresh: new Trend("lb_gap_fresh", true),
};
const swept = new Counter("lb_swept");

export const options = {
  scenarios: {
    sweep: {
      executor: "per-vu-iterations",
      vus: settings.users,
      iterations: sweepRounds(settings),
      maxDuration: "24h",
    },
  },
  // A picture, not a gate; but one with no points is no picture.
  thresholds: { lb_swept: ["count>=1"] },
};

let exchangeMs = 0;

export default function sweep(): void {
  const user = exec.vu.idInTest - 1;
  const round = exec.vu.iterationInScenario;
  if (round === 0) exchangeMs = openConnections(route, user);
  const warm = warmConnection(
    route,
    user,
    `sweep-${round}-${user}-warm`,
    onTheMs(nowMs() + user * SPACING_MS),
    exchangeMs,
  );
  const idleFromMs = warm.sentMs + exchangeMs;
  waitUntil(idleFromMs + sweepGap(settings, round, user));
  const gapMs = nowMs() - idleFromMs;
  const answer = lbRequest(route, user, `sweep-${round}-${user}`);
  const after = answer.fromLb ? lbRequest(route, user, `sweep-${round}-${user}-after`) : null;
  const outcome = classify(warm.answer, answer, after);
  if (outcome === "own" || outcome === "lost" || outcome === "fresh") {
    swept.add(1);
    byOutcome[outcome].add(gapMs);
  }
  console.log(JSON.stringify({ gapMs: Math.round(gapMs * 100) / 100, outcome, status: answer.status, user, round }));
}
