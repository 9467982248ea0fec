import type { ProbeSummary } from "./summarise.ts";

/** The target's idle close held against the LB's idle timeout. */
export type AgainstLb = "vulnerable" | "tie" | "outlives" | "announces-close" | "unknown";

/**
 * vulnerable: the target closes first. tie: within a round trip and the target's own spread of the LB's timeout, so
 * that either may be first (a failure too). outlives: the LB closes first. announces-close: no connection is reused.
 * unknown: the probe stopped before the LB's timeout, or nothing answered.
 */
export function againstLb(probe: ProbeSummary, lbIdleMs: number, rttMs: number): AgainstLb {
  if (probe.connections === 0) return "unknown";
  if (probe.announcedClose) return "announces-close";
  if (probe.idleCloseMs === null) return probe.watchedMs > lbIdleMs + rttMs ? "outlives" : "unknown";
  const toleranceMs = rttMs + (probe.spreadMs ?? 0) + TIMER_MS;
  if (Math.abs(probe.idleCloseMs - lbIdleMs) <= toleranceMs) return "tie";
  return probe.idleCloseMs < lbIdleMs ? "vulnerable" : "outlives";
}

/** So near to its own timeout the simulated LB hides what the target loses (haproxy.cfg, add(50)): it cannot prove it. */
const TIMER_MS = 50;
