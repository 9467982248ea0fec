import type { ServerFacts } from "./server-facts.ts";

/** What a probe saw that tells of a value in the wrong unit, times in ms. */
export interface Timing {
  idleCloseMs: number | null;
  /** The earliest close; missing where nobody knows it. */
  minMs?: number | null | undefined;
  claimedMs?: number | null | undefined;
}

/**
 * The milliseconds that a setting seems to have, where somebody gave it seconds: `keepAliveTimeout = 65`. Node then promises
 * `timeout=0`, whole seconds, and closes after 65 ms, or a second later (nodejs/node#54863). null where it does not look so.
 */
export function secondsForMs({ idleCloseMs, minMs, claimedMs }: Timing, facts: ServerFacts | null): number | null {
  if (facts?.unit !== "ms" || idleCloseMs === null) return null;
  const closeMs = Math.floor(minMs ?? idleCloseMs);
  if (claimedMs === 0 && closeMs < 2 * NODES_BUFFER_MS) return closeMs % NODES_BUFFER_MS || null;
  return claimedMs == null && closeMs >= SHORTEST_MS && closeMs < 1000 ? closeMs : null;
}

const NODES_BUFFER_MS = 1000;

/** Shorter, and it may be no timeout at all. */
const SHORTEST_MS = 15;
