// One user = one LB node = one pooled connection: warm it, let it be idle for a set gap, and ask again.
// The gap is aimed at the instant in which the target closes; see docs/scenarios.md.
import exec from "k6/execution";
import { Counter, Trend } from "k6/metrics";
import type { Attempt } from "../src/record/attempt.ts";
import { nowMs, onTheMs, waitUntil } from "./k6/clock.ts";
import { ownHarness, remoteHarness } from "./k6/harness.ts";
import { lbRequest, type Route } from "./k6/lb-request.ts";
import { openConnections, warmConnection } from "./k6/warm.ts";
import { planGap } from "./lib/gap-plan.ts";
import type { WindowAnswer } from "./lib/harness-protocol.ts";
import { readAimedOptions } from "./lib/options.ts";
import { classify } from "./lib/outcome.ts";
import { isInside } from "./lib/window.ts";

const settings = readAimedOptions(__ENV);
const harness = settings.harnessUrl ? remoteHarness(settings) : ownHarness(settings);

/** Where all warm up at once they wait for each other, and asking again would only make that worse. */
const WARM_UPS = settings.spacingMs > 0 ? 4 : 1;
/** A standing LB gets no more requests than was agreed to. */
const MISSED_AGAIN = settings.spacingMs > 0 ? 2 : 0;
const SPIN_MS = settings.spacingMs > 0 ? undefined : 0;

const lost = new Counter("lb_502");
const reused = new Counter("lb_reused");
const fresh = new Counter("lb_fresh");
const aimedInWindow = new Counter("lb_aimed_in_window");
const failed = new Counter("lb_failed");
const idleGap = new Trend("lb_idle_gap", true);

export const options = {
  scenarios: {
    aimed: {
      executor: "per-vu-iterations",
      vus: settings.users,
      iterations: settings.rounds,
      maxDuration: `${settings.maxDurationS}s`,
    },
  },
  thresholds: {
    lb_502: [settings.expect === "lost" ? "count>0" : "count==0"],
    // A threshold over no samples passes: without this one, a run that aimed at nothing would look clean.
    lb_aimed_in_window: ["count>=1"],
    // A dead LB or target, or a request that k6 may have repeated unseen, does not make a clean run either.
    lb_failed: ["count==0"],
  },
};

// Each user has these of its own: k6 runs this file once per user.
let route: Route;
let exchangeMs = 0;
let beganMs = 0;
let done = false;

export default function aimed(): void {
  const user = exec.vu.idInTest - 1;
  const round = exec.vu.iterationInScenario;
  if (done) return;
  let warmAtMs = nowMs() + user * settings.spacingMs;
  let known: WindowAnswer | null = null;
  if (round === 0) {
    route = { url: settings.url, ...harness.request() };
    exchangeMs = openConnections(route, user);
    const start = harness.start(user, exchangeMs);
    beganMs = nowMs();
    warmAtMs = beganMs + start.warmInMs;
    known = start.known;
  }
  let seen = attempt(user, round, warmAtMs, known);
  // The answer about the window came too late, on a busy machine: the window is known now, so once more.
  for (let again = 0; seen.outcome === "missed" && again < MISSED_AGAIN; again++) {
    seen = attempt(user, round, nowMs() + user * settings.spacingMs, known);
  }
  ({ done } = harness.report(seen));
}

/** @param foreknown the window, where it was known before the connection is warmed */
function attempt(user: number, round: number, warmAtMs: number, foreknown: WindowAnswer | null): Attempt {
  const { users, sweepMs, runName } = settings;
  const requestId = `${runName}-${round}-${user}`;
  const warm = warmConnection(route, user, `${requestId}-warm`, onTheMs(warmAtMs), exchangeMs, WARM_UPS);
  const known = foreknown ?? harness.windowOf(round);
  const { window } = known;
  const setGapMs = planGap({ window, round, user, users, sweepMs: known.sweeps ? sweepMs : 0 });
  const identity = { round, user, node: String(user + 1), setGapMs, requestId };
  const idleFromMs = warm.sentMs + known.exchangeMs;
  const sendAtMs = idleFromMs + setGapMs;
  // Reports wait until the last user has fired: they would shake its aim.
  const reportAtMs = sendAtMs + (users - user) * settings.spacingMs + 20;
  // A window that begins at once cannot be missed: the sooner the better.
  if (nowMs() > sendAtMs && window.fromMs > 0) {
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

  waitUntil(sendAtMs, SPIN_MS);
  // Settled here, before the request goes out: a busy machine may have woken us too late for the gap that was set.
  const gapMs = Math.max(0, nowMs() - idleFromMs);
  const inWindow = isInside(setGapMs, window) && isInside(gapMs, window);
  const answer = lbRequest(route, user, requestId);
  const atMs = nowMs() - beganMs;
  // In a crowd the next connection may be as old as the lost one was; a little later they all are gone.
  if (answer.fromLb && settings.spacingMs === 0) waitUntil(nowMs() + 250);
  const after = answer.fromLb ? lbRequest(route, user, `${requestId}-after`) : null;
  const outcome = classify(warm.answer, answer, after);
  count(outcome, gapMs, inWindow);
  waitUntil(reportAtMs);
  const cached = warm.answer.cached ?? answer.cached;
  const seen = { ...identity, outcome, inWindow, gapMs, status: answer.status, connection: answer.connection, atMs };
  return cached === null ? seen : { ...seen, cached };
}

function count(outcome: Attempt["outcome"], gapMs: number, inWindow: boolean): void {
  idleGap.add(gapMs);
  aimedInWindow.add(inWindow ? 1 : 0);
  lost.add(outcome === "lost" ? 1 : 0);
  reused.add(outcome === "own" ? 1 : 0);
  fresh.add(outcome === "fresh" ? 1 : 0);
  failed.add(outcome === "down" || outcome === "retried" || outcome === "error" ? 1 : 0);
}
