import { type EdgeLine, edgeLines, endOf } from "../../evidence/edge-log.ts";
import { endedWith, type GuardLine, guardLine } from "../../evidence/guard-log.ts";
import { type Cause, causeOf } from "./cause.ts";

/** A request that was answered with 5xx, and why. */
export interface Incident {
  edge: EdgeLine;
  cause: Cause;
}

/** What went through the LB so far. */
export interface Traffic {
  requests: number;
  /** Answered on the connection of the node's last request, and on a new one. */
  own: number;
  fresh: number;
  /** Left by the client, or refused by the LB with less than 500. */
  others: number;
  /** Those that were answered with 5xx, by their cause. */
  failed: Record<Cause["kind"], number>;
  firstLost: EdgeLine | null;
}

/** Reads HAProxy's log line by line, as it comes, and explains each 5xx once the log tells all about it. */
export interface Watch {
  read(line: string): void;
  traffic: Traffic;
  /** Explains what it has not explained yet: nothing more will come. */
  end(): void;
}

export function createWatch(rttMs: number, onIncident: (incident: Incident) => void): Watch {
  const traffic: Traffic = {
    requests: 0,
    own: 0,
    fresh: 0,
    others: 0,
    failed: { race: 0, closed: 0, down: 0, slow: 0, own: 0, unknown: 0 },
    firstLost: null,
  };
  const nodes = new Map<string, { up: string; idleSinceUs: number }>();
  const pending = new Map<EdgeLine, { idleMs: number | null; timer: NodeJS.Timeout }>();
  let ended: GuardLine[] = [];

  const explain = (edge: EdgeLine) => {
    const { idleMs, timer } = pending.get(edge)!;
    clearTimeout(timer);
    pending.delete(edge);
    const incident = { edge, cause: causeOf({ edge, idleMs, ended: endedWith(edge, ended), rttMs }) };
    traffic.failed[incident.cause.kind] += 1;
    if (incident.cause.kind === "race") traffic.firstLost ??= edge;
    onIncident(incident);
  };

  const request = (edge: EdgeLine) => {
    traffic.requests += 1;
    const node = nodes.get(edge.node);
    if (edge.up !== "-") {
      if (node?.up === edge.up) traffic.own += 1;
      else traffic.fresh += 1;
      nodes.set(edge.node, { up: edge.up, idleSinceUs: endOf(edge) });
    }
    if (edge.up === "-" && edge.status < 500) traffic.others += 1;
    if (edge.status < 500) return;
    const idleMs = node ? (edge.atUs - node.idleSinceUs) / 1000 : null;
    // The guard writes its line about the same end a moment earlier or later.
    pending.set(edge, { idleMs, timer: setTimeout(() => explain(edge), SETTLE_MS) });
  };

  return {
    traffic,
    read(line) {
      const guard = guardLine(line);
      if (guard) ended = [...ended.slice(-KEPT), guard];
      else for (const edge of edgeLines([line])) request(edge);
    },
    end: () => {
      for (const edge of [...pending.keys()]) explain(edge);
    },
  };
}

const SETTLE_MS = 100;

/** More ends than lie within NEAR_US, but for a load test. */
const KEPT = 500;
