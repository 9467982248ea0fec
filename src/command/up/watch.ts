import { type EdgeLine, edgeLine, endOf } from "../../evidence/edge-log.ts";
import { fateOf } from "../../evidence/fate.ts";
import { type GuardLine, guardLine } from "../../evidence/guard-log.ts";
import { type Cause, causeOf } from "./cause.ts";

/** A request that was answered with 5xx, and why. */
export interface Incident {
  edge: EdgeLine;
  cause: Cause;
}

/** What went through the LB so far. */
export interface Traffic {
  requests: number;
  /** Answered by the app, on a connection that had carried a request before, and on a new one. */
  reused: number;
  fresh: number;
  /** Left by the client, or refused by the LB with less than 500. */
  others: number;
  /** Those that were answered with 5xx, by their cause. */
  failed: Record<Cause["kind"], number>;
  firstLost: EdgeLine | null;
}

/** Reads HAProxy's log line by line, as it comes, and explains each 5xx once the log tells all about it. */
export interface Watch {
  /** @throws InconclusiveError for half a line */
  read(line: string): void;
  traffic: Traffic;
  /** Explains what it has not explained yet: nothing more will come. */
  end(): void;
}

export function createWatch(rttMs: number, onIncident: (incident: Incident) => void): Watch {
  const traffic: Traffic = {
    requests: 0,
    reused: 0,
    fresh: 0,
    others: 0,
    failed: { race: 0, closed: 0, down: 0, slow: 0, "app-error": 0, unknown: 0 },
    firstLost: null,
  };
  // By connection, which is a port: a load test may run for hours, and these stay below 65,536.
  const idleSinceUs = new Map<string, number>();
  const ends = new Map<string, GuardLine>();
  const pending = new Map<EdgeLine, NodeJS.Timeout>();

  const explain = (edge: EdgeLine) => {
    clearTimeout(pending.get(edge));
    pending.delete(edge);
    const end = ends.get(edge.sentOn);
    const fate = fateOf(edge, {
      idleSinceUs: idleSinceUs.get(edge.sentOn) ?? null,
      guard: end ? [end] : [],
      seenByApp: null,
      rttMs,
    });
    const cause = causeOf(edge, fate);
    traffic.failed[cause.kind] += 1;
    if (cause.kind === "race") traffic.firstLost ??= edge;
    onIncident({ edge, cause });
  };

  const answered = (edge: EdgeLine) => {
    const end = ends.get(edge.up);
    // The earlier connection with this port has ended, so the port names a new one.
    if (end && end.atUs < edge.atUs) {
      ends.delete(edge.up);
      idleSinceUs.delete(edge.up);
    }
    if (idleSinceUs.has(edge.up)) traffic.reused += 1;
    else traffic.fresh += 1;
    idleSinceUs.set(edge.up, endOf(edge));
  };

  const request = (edge: EdgeLine) => {
    traffic.requests += 1;
    if (edge.up !== "-") answered(edge);
    else if (edge.status < 500) traffic.others += 1;
    if (edge.status < 500) return;
    // The guard may write its line about the same end a moment later.
    pending.set(
      edge,
      setTimeout(() => explain(edge), SETTLE_MS),
    );
  };

  return {
    traffic,
    read(line) {
      const guard = guardLine(line);
      if (guard) ends.set(guard.up, guard);
      const edge = edgeLine(line);
      if (edge) request(edge);
    },
    end: () => {
      for (const edge of [...pending.keys()]) explain(edge);
    },
  };
}

const SETTLE_MS = 100;
