import { MINUTE_MS, type Traffic } from "./traffic.ts";

/**
 * A target's failures count as a deploy's when they came with its end: it answered, then failed, then got nothing more
 * though others did. As a rule:
 * - in the minute before its last request it failed ten times as often as before, and more than once if it had ever
 *   failed before, and
 * - its share of all requests after that would have been at least ten: getting none by chance is one case in 20 000.
 *   A target that happens to get no requests has not left, nor has a target that is alone.
 */
export interface Life {
  requests: number;
  answered: number;
  firstMs: number;
  lastMs: number;
  /** Failures that may be a deploy's, in its last minute and before it. */
  failedAtEnd: number;
  failedBefore: number;
}

/** @param traffic requests to all targets */
export function leftByDeploy(life: Life, traffic: Traffic): boolean {
  const { requests, answered, firstMs, lastMs, failedAtEnd, failedBefore } = life;
  if (failedAtEnd === 0 || answered === 0) return false;
  const usualInThatTime = (failedBefore * AT_END_MS) / Math.max(AT_END_MS, lastMs - firstMs - AT_END_MS);
  if (failedAtEnd < 10 * usualInThatTime || (failedBefore > 0 && failedAtEnd < 2)) return false;
  const share = requests / Math.max(requests, traffic.between(firstMs, lastMs));
  return share * traffic.between(lastMs + MINUTE_MS, Number.MAX_SAFE_INTEGER) >= 10;
}

/** Draining, SIGTERM, and what still comes until the LB has noticed. */
export const AT_END_MS = 60_000;
