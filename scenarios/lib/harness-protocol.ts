import type { AppRequest } from "../../src/record/request.ts";
import type { Window } from "./window.ts";

// What k6's users and the harness (src/aim/clock) say to each other, over HTTP on loopback and outside the LB; with the
// token of HARNESS_TOKEN_FILE in each request, since every user of the machine can reach loopback.

/** GET /request : what every user sends. Not in k6's environment or arguments: its headers may be secrets. */
export interface RequestAnswer {
  request: AppRequest;
  okStatus: readonly string[];
}

/**
 * GET /start?run=&user=&exchangeMs= (how long an exchange takes, as the user sees it): answered when every user of every
 * run is there and the probe's connections are idle.
 */
export interface StartAnswer {
  /** When to warm the connection, ms after this answer. */
  warmInMs: number;
  /** The first round's window where it is known before any waiting; else null, and /window tells it in time. */
  known: WindowAnswer | null;
}

/** GET /window?run=&round= : answered as soon as the round's window is known. */
export interface WindowAnswer {
  window: Window;
  /**
   * How long an exchange through the LB takes, ms; the same for all users of all runs. Idle gaps are counted from the
   * sending of the request before, plus this: the answer's way back and the client's wake-up do not delay the target's
   * timer, and every user's gap means the same.
   */
  exchangeMs: number;
  /** Whether some users look for the window's edges beside it; false where its edges are set. */
  sweeps: boolean;
}

/** POST /attempt?run= : an Attempt (src/record/attempt.ts) as JSON. */
export interface AttemptAnswer {
  /** True when this was the last round: fewer than the user was started for. */
  done: boolean;
}
