import type { ServerFacts } from "./server-facts.ts";

/** What a probe saw that tells of a value in the wrong unit, times in ms. */
export interface Timing {
  idleCloseMs: number | null;
  claimedMs?: number | null | undefined;
}

/**
 * The milliseconds that a setting seems to have, where somebody gave it seconds: `keepAliveTimeout = 65`. Node then promises
 * `timeout=0`, whole seconds, and closes after 65 ms, or a second later (nodejs/node#54863). null where it does not look so.
 * @param wantedMs what it should have been set to
 */
export function secondsForMs({ idleCloseMs, claimedMs }: Timing, facts: ServerFacts | null, wantedMs: number) {
  if (facts?.unit !== "ms" || idleCloseMs === null) return null;
  if (claimedMs === 0 && idleCloseMs < 2 * NODES_BUFFER_MS)
    return given(idleCloseMs % NODES_BUFFER_MS, wantedMs / 1000);
  const isShort = claimedMs == null && idleCloseMs >= SHORTEST_MS && idleCloseMs < 1000;
  return isShort ? given(idleCloseMs, wantedMs / 1000) : null;
}

/** Timers are late, never early: what is a little more than the value that everybody is told to set is that value. */
const given = (closeMs: number, wanted: number): number =>
  closeMs > wanted - 1 && closeMs < wanted + LATE_MS ? wanted : Math.floor(closeMs);

const LATE_MS = 12;

const NODES_BUFFER_MS = 1000;

/** Shorter, and it may be no timeout at all. */
const SHORTEST_MS = 15;
