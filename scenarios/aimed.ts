// One user = one LB node = one pooled connection: warm it, let it be idle for a set gap, and ask again.
// The gap is aimed at the instant in which the target closes; see docs/scenarios.md.
import exec from "k6/execution";
import { Counter, Trend } from "k6/metrics";
import type { Attempt } from "../src/verdict/attempt.ts";
import { nowMs, onTheMs, waitUntil } from "./k6/clock.ts";
import { ownHarness, remoteHarness } from "./k6/harness.ts";
import { lbRequest } from "./k6/lb-request.ts";
import { openConnections, warmConnection } from "./k6/warm.ts";
import { planGap } from "./lib/gap-plan.ts";
import { readAimedOptions } from "./lib/options.ts";
import { classify } from "./lib/outcome.ts";
import { SPACING_MS } from "./lib/timing.ts";
import { isInside } from "./lib/window.ts";

const settings = readAimedOptions(__ENV);
const harness = settings.harnessUrl ? remoteHarness(settings) : ownHarness(settings);

const lost = new Counter("lb_502");
const reused = new Counter("lb_reused");
const fresh = new Counter("lb_fresh");
const aimedInWindow = new Counter("lb_aimed_in_window");
const failed = new Counter("lb_failed");
const idleGap = new Trend("lb_idle_gap", true);

export const options = {
  scenarios: {
    aimed: { executor: "per-vu-iterations", vus: settings.users, iterations: settings.rounds, maxDuration: "24h" },
  },
  thresholds: {
    lb_502: [settings.expect === "lost" ? "count>0" : "count==0"],
    // A threshold over no samples passes: without this one, a run that aimed at nothing would look clean.
    lb_aimed_in_window: ["count>=1"],
    // Nor is a dead LB or target, or a request that k6 may have repeated unseen, a clean run.
    lb_failed: ["count==0"],
  },
};

let exchangeMs = 0;
let beganMs = 0;

export default function aimed(): void {
  const user = exec.vu.idInTest - 1;
  const round = exec.vu.iterationInScenario;
  let warmAtMs = nowMs() + user * SPACING_MS;
  if (round === 0) {
    exchangeMs = openConnections(settings, user);
    const { warmInMs } = harness.start(user, exchangeMs);
    beganMs = nowMs();
    warmAtMs = beganMs + warmInMs;
  }
  let seen = attempt(user, round, warmAtMs);
  // The answer about the window came too late, on a busy machine: the window is known now, so once more.
  for (let again = 0; seen.outcome === "missed" && again < 2; again++) {
    seen = attempt(user, round, nowMs() + user * SPACING_MS);
  }
  harness.report(seen);
}

function attempt(user: number, round: number, warmAtMs: number): Attempt {
  const { users, sweepMs, runName } = settings;
  const requestId = `${runName}-${round}-${user}`;
  const warm = warmConnection(settings, user, `${requestId}-warm`, onTheMs(warmAtMs), exchangeMs);
  const known = harness.windowOf(round);
  const { window } = known;
  const setGapMs = planGap({ window, round, user, users, sweepMs });
  const identity = { round, user, node: String(user + 1), setGapMs, requestId };
  const idleFromMs = warm.sentMs + known.exchangeMs;
  const sendAtMs = idleFromMs + setGapMs;
  // Reports wait until the last user has fired: they would shake its aim.
  const reportAtMs = sendAtMs + (users - user) * SPACING_MS + 20;
  if (nowMs() > sendAtMs) {
    waitUntil(reportAtMs);
    return {
      ...identity,
      outcome: "missed",
      inWindow: false,
      gapMs: 0,
      status: 0,
      connection: null,
      atMs: nowMs() - beganMs,
    };
  }

  waitUntil(sendAtMs);
  // Settled here, before the request goes out: a busy machine may have woken us too late for the gap that was set.
  const gapMs = nowMs() - idleFromMs;
  const inWindow = isInside(setGapMs, window) && isInside(gapMs, window);
  const answer = lbRequest(settings, user, requestId);
  const atMs = nowMs() - beganMs;
  const after = answer.fromLb ? lbRequest(settings, user, `${requestId}-after`) : null;
  const outcome = classify(warm.answer, answer, after);
  count(outcome, gapMs, inWindow);
  waitUntil(reportAtMs);
  return { ...identity, outcome, inWindow, gapMs, status: answer.status, connection: answer.connection, atMs };
}

function count(outcome: Attempt["outcome"], gapMs: number, inWindow: boolean): void {
  idleGap.add(gapMs);
  aimedInWindow.add(inWindow ? 1 : 0);
  lost.add(outcome === "lost" ? 1 : 0);
  reused.add(outcome === "own" ? 1 : 0);
  fresh.add(outcome === "fresh" ? 1 : 0);
  failed.add(outcome === "down" || outcome === "retried" || outcome === "error" ? 1 : 0);
}
