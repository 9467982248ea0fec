/**
 * A target's failures count as a deploy when they came with its end: it answered before, then failed, then got nothing
 * more while other targets did. As a rule:
 * - in the minute before the target's last request it failed ten times as often as before, and more than once if it
 *   ever had, and
 * - after that request it was silent for a minute, and for ten times its usual pause between requests.
 */
export interface Life {
  requests: number;
  answered: number;
  firstMs: number;
  lastMs: number;
  /** Failures that may be a deploy's, in its last minute, and before. */
  failedAtEnd: number;
  failedBefore: number;
}

/** @param goesOnMs when any target got its last request */
export function leftByDeploy(life: Life, goesOnMs: number): boolean {
  if (life.failedAtEnd === 0 || life.answered === 0) return false;
  const usualInThatTime = (life.failedBefore * AT_END_MS) / Math.max(AT_END_MS, life.lastMs - life.firstMs - AT_END_MS);
  if (life.failedAtEnd < 10 * usualInThatTime || (life.failedBefore > 0 && life.failedAtEnd < 2)) return false;
  const usualPauseMs = (life.lastMs - life.firstMs) / Math.max(1, life.requests - 1);
  return goesOnMs - life.lastMs > Math.max(AT_END_MS, 10 * usualPauseMs);
}

/** Draining, SIGTERM, and what still comes until the LB has noticed. */
export const AT_END_MS = 60_000;
