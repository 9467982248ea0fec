import type { Window } from "./window.ts";

// What k6's users and the harness (src/aim) say to each other, over HTTP on loopback and outside the LB.

/** GET /start?run=&user=&exchangeMs= (how long an exchange takes, as the user sees it): answered when every user of every run is there and the probe's requests are on their way. */
export interface StartAnswer {
  /** When to warm the connection, ms after this answer. */
  warmInMs: number;
}

/** GET /window?run=&round= : answered as soon as the round's window is known. */
export interface WindowAnswer {
  window: Window;
  /**
   * How long an exchange through the LB takes, ms; the same for all users of all runs. Idle gaps are reckoned from the
   * sending of the request before, plus this: the answer's way back and the client's wake-up do not delay the target's
   * timer, and every user's gap means the same.
   */
  exchangeMs: number;
}

// POST /attempt?run= : an Attempt (src/verdict/attempt.ts) as JSON.
