// One user = one LB node = one pooled connection: warm it, wait until the harness has heard the target close it, and send
// at once. The harness keeps the target's FIN back until this request has passed; see docs/how-it-works.md.
import exec from "k6/execution";
import type { Counter as CounterOf } from "k6/metrics";
import { Counter } from "k6/metrics";
import { nowMs, waitUntil } from "./k6/clock.ts";
import { type CloseHarness, closeHarness } from "./k6/close-harness.ts";
import { harnessParams } from "./k6/harness-params.ts";
import { type LbAnswer, lbRequest, type Route } from "./k6/lb-request.ts";
import { readCloseOptions } from "./lib/options.ts";
import { classify } from "./lib/outcome.ts";

const settings = readCloseOptions(__ENV);
const params = harnessParams(settings.tokenFile);

const counters: Record<string, CounterOf> = {
  lost: new Counter("lb_502"),
  own: new Counter("lb_reused"),
  fresh: new Counter("lb_fresh"),
  failed: new Counter("lb_failed"),
};

export const options = {
  scenarios: {
    "at-close": {
      executor: "per-vu-iterations",
      vus: settings.users,
      iterations: settings.rounds,
      maxDuration: `${settings.maxDurationS}s`,
    },
  },
};

// Each user has these of its own: k6 runs this file once per user.
let harness: CloseHarness;
let route: Route;
let done = false;

export default function atClose(): void {
  if (done) return;
  const user = exec.vu.idInTest - 1;
  if (exec.vu.iterationInScenario === 0) {
    harness = closeHarness(settings, user, params);
    route = { url: settings.url, ...harness.request() };
  }
  const idle = idleConnection(user);
  if (idle === null) {
    done = true;
    return;
  }
  const { warm, answeredMs, round, inMs } = idle;
  waitUntil(nowMs() + inMs, inMs > 0 ? undefined : 0);
  const gapMs = nowMs() - answeredMs;
  const requestId = `${settings.runName}-${round}-${user}`;
  const answer = lbRequest(route, user, requestId);
  const after = answer.fromLb ? lbRequest(route, user, `${requestId}-after`) : null;
  const outcome = classify(warm, answer, after);
  (counters[outcome] ?? counters.failed)!.add(1);
  harness.report({ outcome, status: answer.status, connection: answer.connection, gapMs, requestId });
}

interface Idle {
  warm: LbAnswer;
  answeredMs: number;
  round: number;
  inMs: number;
}

/** Warms this user's connection, in its turn, and waits until there is reason to send. null = there will be none. */
function idleConnection(user: number): Idle | null {
  for (let tries = 0; ; tries++) {
    const { round, done } = harness.turn();
    if (done) return null;
    const warm = lbRequest(route, user, `${settings.runName}-${round}-${user}-warm-${tries}`);
    const answeredMs = nowMs();
    const { next, inMs } = harness.idle({ ok: warm.ok && !warm.fromLb, fromLb: warm.fromLb });
    if (next === "send") return { warm, answeredMs, round, inMs };
    if (next === "out") return null;
  }
}
