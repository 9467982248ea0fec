import type { AgainstLb } from "../record/against-lb.ts";
import type { ProbeSummary } from "./summarise.ts";

/**
 * vulnerable: the target closes first, all of its connections or some. tie: within a round trip and the target's own
 * spread of the LB's timeout, or a moment later, so that either may be first (a failure too). closes-at-once: after each
 * answer, without announcing it. outlives: the LB closes first. announces-close: no connection is reused. unknown: the
 * probe stopped before the LB's timeout, or nothing answered.
 */
export function againstLb(probe: ProbeSummary, lbIdleMs: number, rttMs: number): AgainstLb {
  if (probe.connections === 0) return "unknown";
  if (probe.announcedClose) return "announces-close";
  if (probe.idleCloseMs === null) return withoutIdleClose(probe, lbIdleMs, rttMs);
  if (probe.idleCloseMs <= AT_ONCE_MS + rttMs) return "closes-at-once";
  const toleranceMs = rttMs + (probe.spreadMs ?? 0) + TIMER_MS;
  const laterMs = probe.idleCloseMs - lbIdleMs;
  if (laterMs >= -toleranceMs && laterMs <= Math.max(toleranceMs, LAG_MS)) return "tie";
  return probe.idleCloseMs < lbIdleMs ? "vulnerable" : "outlives";
}

/** How long idle connections are watched, ms: not long beyond the LB's timeout, as what outlives it is safe. */
export const longestWaitMs = (lbIdleMs: number, rttMs: number): number => lbIdleMs + rttMs + MARGIN_MS;

const MARGIN_MS = 1000;

/** Most were still open, but each of the others may have cost a request. */
function withoutIdleClose({ minMs, watchedMs }: ProbeSummary, lbIdleMs: number, rttMs: number): AgainstLb {
  if (minMs !== null && minMs < lbIdleMs - rttMs - TIMER_MS) return "vulnerable";
  // A coarse clock closes some near the LB's timeout and the others a tick later.
  if (minMs !== null && minMs <= lbIdleMs + LAG_MS) return "tie";
  return watchedMs > lbIdleMs + rttMs ? "outlives" : "unknown";
}

/** No server's idle timeout is that short: what closes so soon after an answer keeps no connection at all. */
const AT_ONCE_MS = 50;

/**
 * A server that is set to the LB's very timeout closes a little later: Tomcat at 60.1 s, uWSGI at up to 60.14 s. The
 * LB's own clock may be no finer. Node adds 1 s on purpose (nodejs/node#54863): that is not a tie.
 */
const LAG_MS = 500;

/** This near to its own timeout the simulated LB hides losses (haproxy.cfg, add(50)), so it proves nothing. */
const TIMER_MS = 50;
