import type { AgainstLb } from "../record/against-lb.ts";
import type { ProbeSummary } from "./summarise.ts";

/**
 * vulnerable: the target closes first. tie: its earliest close is not later than the LB's by more than its own spread and a
 * round trip, so that either may be first (a failure too). closes-at-once: after each answer, without announcing it.
 * closes-some: some connections before the LB does, or all at no fixed time. closes-by-age: so long after it was opened,
 * however recently it was used. closes-after-requests: after so many, unannounced (see request-limit.ts). outlives: the LB
 * closes first. announces-close: no connection is reused. restarted: all were closed in one instant, those in use as well.
 * unknown: the probe stopped too soon after the LB's timeout, or nothing answered.
 */
export function againstLb(probe: ProbeSummary, lbIdleMs: number, rttMs: number): AgainstLb {
  if (probe.connections === 0) return "unknown";
  if (probe.announcedClose) return "announces-close";
  if (probe.closesBy === "instant") return "restarted";
  if (probe.closesBy === "age") return "closes-by-age";
  if (probe.minMs === null) return withoutClose(probe, lbIdleMs, rttMs);
  if (probe.idleCloseMs !== null && probe.idleCloseMs <= AT_ONCE_MS + rttMs) return "closes-at-once";
  if (outlives(probe, lbIdleMs, rttMs)) return probe.watchedMs > lbIdleMs + rttMs ? "outlives" : "unknown";
  const isFirst = probe.minMs < lbIdleMs - rttMs - TIMER_MS;
  if (isFirst && (probe.idleCloseMs === null || probe.closesBy === "chance")) return "closes-some";
  const closeMs = probe.idleCloseMs ?? probe.minMs;
  return closeMs < lbIdleMs - rttMs - (probe.spreadMs ?? 0) - TIMER_MS ? "vulnerable" : "tie";
}

/** How long idle connections are watched, ms: beyond the LB's timeout, since a thin margin is no margin. */
export const longestWaitMs = (lbIdleMs: number, rttMs: number): number => lbIdleMs + rttMs + marginMs(lbIdleMs);

const marginMs = (lbIdleMs: number): number => Math.max(5000, 0.03 * lbIdleMs);

/** What is open for a moment longer than the LB keeps it may be closed in the next: by a clock of whole seconds, say. */
function withoutClose({ watchedMs }: ProbeSummary, lbIdleMs: number, rttMs: number): AgainstLb {
  return watchedMs >= longestWaitMs(lbIdleMs, rttMs) - WATCH_SLACK_MS ? "outlives" : "unknown";
}

/** Whether even the earliest close that the seen ones allow comes after the LB's. */
function outlives(probe: ProbeSummary, lbIdleMs: number, rttMs: number): boolean {
  const { connections, closed, minMs, maxMs, watchedMs, stepMs, begunOverMs } = probe;
  // Of those that were still open nobody knows more than that they close later.
  const latestMs = closed < connections ? Math.max(watchedMs, maxMs!) : maxMs!;
  // What was begun within less than a second does not show a clock of whole seconds, which many servers have.
  const spreadMs = Math.max(latestMs - minMs!, SECOND_MS - begunOverMs);
  const earliestMs = Math.min(minMs! - spreadMs, latestMs - stepMs);
  return earliestMs > lbIdleMs + rttMs && minMs! > lbIdleMs + LAG_MS;
}

const SECOND_MS = 1000;

/** Timers of our own. */
const WATCH_SLACK_MS = 500;

/** No server's idle timeout is that short: what closes so soon after an answer keeps no connection at all. */
const AT_ONCE_MS = 50;

/**
 * A server that is set to the LB's very timeout closes a little later: uWSGI at up to 60.14 s, within a few ms of each
 * other. The LB's own clock may be no finer. Node adds 1 s on purpose (nodejs/node#54863): that is not a tie.
 */
const LAG_MS = 500;

/** This near to its own timeout the simulated LB hides losses (haproxy.cfg, add(50)), so it proves nothing. */
const TIMER_MS = 50;
