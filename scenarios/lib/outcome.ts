import type { Outcome } from "../../src/record/attempt.ts";

/** What one answer through the LB tells: lb-request.ts makes it. */
export interface Answer {
  status: number;
  connection: string | null;
  fromLb: boolean;
  reconnected: boolean;
  /** Whether its status is one that the target is known to answer with when all is well. */
  ok: boolean;
}

/**
 * What became of an aimed request.
 * @param warm the answer that began the idle time
 * @param aimed the answer to the request sent at its end
 * @param after the answer to one more request; asked for only when `aimed` is the LB's own 502
 */
export function classify(warm: Answer, aimed: Answer, after: Answer | null): Exclude<Outcome, "missed"> {
  if (warm.status === 0 || warm.fromLb) return "down";
  if (aimed.reconnected) return "retried";
  if (aimed.status === 502 && aimed.fromLb)
    return after !== null && after.status > 0 && !after.fromLb ? "lost" : "down";
  if (!aimed.ok || !warm.ok) return "error";
  // An LB that does not name the connection: it may or may not be the same one.
  if (warm.connection === null && aimed.connection === null) return "answered";
  if (warm.connection === null || aimed.connection === null) return "error";
  return aimed.connection === warm.connection ? "own" : "fresh";
}
