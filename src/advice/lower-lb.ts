import type { LbProfile } from "./profile.ts";
import { fill } from "./value.ts";

/**
 * The other way round, as lines to paste: the LB closes first, well before the target's `idleCloseMs`. Empty where nothing
 * was measured, the LB's timeout is fixed, or the target closes too soon for it.
 */
export function lowerLb(profile: LbProfile, idleCloseMs: number | null): string[] {
  const { lowerIdle, range, boundsResponses, title } = profile;
  if (idleCloseMs === null || lowerIdle === null || range === null) return [];
  const lowerMs = lowerToMs(idleCloseMs);
  const leastMs = boundsResponses ? Math.max(range.minMs, SHORTEST_RESPONSE_MS) : range.minMs;
  if (lowerMs < leastMs) return [];
  const seconds = lowerMs / 1000;
  return [
    `# or lower the idle timeout of the LB, ${title}, below the target's ${(idleCloseMs / 1000).toFixed(1)} s: ${seconds} s`,
    ...fill(lowerIdle, lowerMs),
    ...(boundsResponses
      ? [`# it also bounds every response: one that takes longer than ${seconds} s becomes a 504`]
      : []),
  ];
}

/** Where the idle timeout bounds every response too, the advice never goes below the 4 s that a field report used. */
const SHORTEST_RESPONSE_MS = 4000;

/**
 * A fifth below the target's close, and at least 1 s, in whole seconds; 0 where that leaves none. Node's 5.0 and 6.0 s both
 * give 4 s: an LB at 5 s would tie with Node before 20.18.
 */
export function lowerToMs(idleCloseMs: number): number {
  // A timer's jitter must not cost a second: 4.99 s is 5 s.
  const closeMs = Math.round(idleCloseMs / 100) * 100;
  return Math.max(0, Math.floor((closeMs - Math.max(1000, closeMs / 5)) / 1000) * 1000);
}
