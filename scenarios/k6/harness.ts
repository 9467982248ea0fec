import http from "k6/http";
import type { Attempt } from "../../src/record/attempt.ts";
import type { AttemptAnswer, RequestAnswer, StartAnswer, WindowAnswer } from "../lib/harness-protocol.ts";
import { OK_STATUS } from "../lib/ok-status.ts";
import type { AimedOptions } from "../lib/options.ts";
import { DIRECT_MS } from "../lib/timing.ts";
import { type Trial, windowFromCloses, windowFromTrials } from "../lib/window.ts";
import { harnessParams } from "./harness-params.ts";

/** Where a user learns when to begin and where the window is, and reports what it saw. */
export interface Harness {
  request(): RequestAnswer;
  /** @param exchangeMs how long an exchange through the LB takes, as this user sees it */
  start(user: number, exchangeMs: number): StartAnswer;
  windowOf(round: number): WindowAnswer;
  report(attempt: Attempt): AttemptAnswer;
}

/** The harness that runs this k6: it answers as soon as it knows, however long that takes (a long poll). */
export function remoteHarness({ harnessUrl, runName, tokenFile }: AimedOptions): Harness {
  const params = harnessParams(tokenFile);
  const ask = (path: string, body?: string): unknown => {
    const url = `${harnessUrl}/${path}${path.includes("?") ? "&" : "?"}run=${runName}`;
    const response = body === undefined ? http.get(url, params) : http.post(url, body, params);
    if (response.status !== 200) throw new Error(`the harness answered ${response.status} to ${path}`);
    return response.json();
  };
  return {
    request: () => ask("request") as RequestAnswer,
    start: (user, exchangeMs) => ask(`start?user=${user}&exchangeMs=${exchangeMs}`) as StartAnswer,
    windowOf: (round) => ask(`window?round=${round}`) as WindowAnswer,
    report: (attempt) => ask("attempt", JSON.stringify(attempt)) as AttemptAnswer,
  };
}

/** No harness: k6 runs alone, the idle close is told by IDLE_CLOSE_MS, and each user learns from its own attempts. */
export function ownHarness({ method, idleCloseMs, rttMs, spacingMs }: AimedOptions): Harness {
  const trials: Trial[] = [];
  let exchangeMs = 0;
  return {
    request: () => ownRequest(method),
    start: (user, ownMs) => {
      exchangeMs = ownMs;
      return { warmInMs: user * spacingMs, known: null };
    },
    windowOf: () => {
      const foretold = windowFromCloses([idleCloseMs], { throughLbMs: exchangeMs, directMs: DIRECT_MS, rttMs });
      return { window: windowFromTrials(trials, rttMs) ?? foretold, exchangeMs, sweeps: true };
    },
    report: ({ gapMs, outcome }) => {
      if (outcome === "own" || outcome === "lost" || outcome === "fresh") trials.push({ gapMs, outcome });
      return { done: false };
    },
  };
}

/** What is sent by default: the URL's own path. */
export const ownRequest = (method: string): RequestAnswer => ({
  request: { method, path: "", headers: [], body: method === "POST" ? "alb502" : null },
  okStatus: OK_STATUS,
});
