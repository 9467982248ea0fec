// What k6's users and the harness say to each other where the target's close is heard (src/aim/close), over HTTP, outside
// the LB. POST /request is as GET /request in harness-protocol.ts.

/** POST /turn?run=&user= : answered when it is this user's turn to warm its connection, one user of a run at a time. */
export interface TurnAnswer {
  round: number;
  /** True when there is nothing left for this user to do. */
  done: boolean;
}

/** POST /idle?run=&user= : the answer to its warming request has come, so its connection is idle now. */
export interface IdleReport {
  /** Whether that answer was the target's and as it should be. */
  ok: boolean;
  /** Whether it was the LB's own: the target took no further connection, or is not there. */
  fromLb?: boolean;
}

export interface IdleAnswer {
  /**
   * - `send`: `inMs` from now, 0 = at once: the target has closed this very connection, and nobody has told the LB yet.
   * - `again`: it is not certain which connection it was: take another turn.
   * - `out`: the target does not keep this connection: there is nothing to aim at.
   */
  next: "send" | "again" | "out";
  inMs: number;
}

/** POST /attempt?run=&user= : what became of it. */
export interface AttemptReport {
  outcome: "own" | "lost" | "fresh" | "answered" | "down" | "retried" | "error";
  status: number;
  connection: string | null;
  /** From the answer to the warm-up request until this one was sent, by k6's clock, ms. */
  gapMs: number;
  requestId: string;
}
