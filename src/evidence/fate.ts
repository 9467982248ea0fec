import { type EdgeLine, endOf } from "./edge-log.ts";
import { closedBy, type GuardLine } from "./guard-log.ts";

/**
 * What became of a request behind the simulated LB.
 * - `answered`: by the target.
 * - `race`: the target closed the idle connection as the request was on its way.
 * - `closed`: the target closed the connection while it had the request in hand.
 * - `expired`: the LB's own idle timer closed the connection.
 * - `unconnected`: a new connection ended at once without a byte from the target. Toxiproxy accepts every connection and
 *   closes those that it cannot pass on, so a missing target looks like one that closes at once.
 * - `silent`: the target said nothing for the LB's idle timeout.
 * - `left`: the client went away first.
 * - `refused`: the LB answered by itself, no target was asked.
 * - `unknown`: the LB made a 502, and its log does not tell why.
 */
export type Fate =
  | { kind: "answered" | "silent" | "left" | "refused" }
  | ({ kind: "closed" | "expired" | "unconnected" | "unknown" } & Carrier)
  | ({ kind: "race" } & Carrier & { connection: string; closedBy: "target"; idleMs: number });

/** The connection to the target on which an unanswered request was sent. */
export interface Carrier {
  /** As X-Up names connections; null = the LB does not name it. */
  connection: string | null;
  closedBy: "target" | "lb" | "unknown";
  /** How long it had been idle when the request came to the LB; null = it was new, or not known. */
  idleMs: number | null;
}

/** What the LB's log tells of one stage, each part in the log's order. */
export interface LbLog {
  edge: readonly EdgeLine[];
  guard: readonly GuardLine[];
}

/** One request in the LB's log, and what became of it. */
export type LoggedRequest = EdgeLine & { fate: Fate };

/**
 * The requests of a whole log, each with its fate, in the order of `edge`.
 * @param seenByApp X-Request-Ids that the app logged; null for an app whose log nobody has
 * @param rttMs round trip between LB and target
 */
export function loggedRequests(
  { edge, guard }: LbLog,
  { seenByApp, rttMs }: { seenByApp: ReadonlySet<string> | null; rttMs: number },
): LoggedRequest[] {
  const idleSinceUs = new Map<string, number>();
  const unlogged = seenByApp !== null && isWhole(seenByApp, edge) ? false : null;
  return edge.map((line) => {
    const fate = fateOf(line, {
      idleSinceUs: idleSinceUs.get(line.sentOn) ?? null,
      guard,
      seenByApp: seenByApp?.has(line.id) || unlogged,
      rttMs,
    });
    if (line.up !== "-") idleSinceUs.set(line.up, endOf(line));
    return { ...line, fate };
  });
}

/** A log that lacks a request which its app answered may lack others. */
const isWhole = (seenByApp: ReadonlySet<string>, edge: readonly EdgeLine[]): boolean =>
  edge.every(({ up, id }) => up === "-" || seenByApp.has(id));

/** What tells the fate of one request, besides its own line. */
export interface Clues {
  /** When the last request on `sentOn` had been answered, microseconds since 1970; null = none was. */
  idleSinceUs: number | null;
  /** Among others the line about the end of `sentOn`, if there is one already. */
  guard: readonly GuardLine[];
  /** null = the app's log is not to be had, or lacks requests that it answered. */
  seenByApp: boolean | null;
  /** Round trip between LB and target. */
  rttMs: number;
}

/** The fate of one request, by the end of the very connection that carried it: another one's end proves nothing. */
export function fateOf(edge: EdgeLine, { idleSinceUs, guard, seenByApp, rttMs }: Clues): Fate {
  if (edge.up !== "-") return { kind: "answered" };
  if (edge.status === 504) return { kind: "silent" };
  if (edge.status < 0 || edge.termination.startsWith("C")) return { kind: "left" };
  // HAProxy's own 503 where the pool could not make the connection: with TLS, whose handshake the network passes on.
  const isUnmade = edge.status === 503 && edge.termination === "--";
  if (edge.status !== 502 && !isUnmade) return { kind: "refused" };
  const connection = edge.sentOn === "0" ? null : edge.sentOn;
  const end = guard.find(({ up, atUs }) => up === connection && isNear(edge, atUs)) ?? null;
  const carrier: Carrier = {
    connection,
    closedBy: end ? closedBy(end) : "unknown",
    idleMs: idleMsOf(edge, end, idleSinceUs),
  };
  if (isUnmade) return { kind: "unconnected", ...carrier };
  if (seenByApp ?? edge.totalMs > rttMs + IN_FLIGHT_MS) return { kind: "closed", ...carrier };
  return fateInFlight(carrier, end);
}

/** For a request that the app did not have in hand yet. */
function fateInFlight(carrier: Carrier, end: GuardLine | null): Fate {
  const { connection, closedBy, idleMs } = carrier;
  if (closedBy === "lb") return { kind: "expired", ...carrier };
  if (idleMs === null && end?.bytesOut === 0) return { kind: "unconnected", ...carrier };
  if (closedBy === "unknown" || connection === null) return { kind: "unknown", ...carrier };
  return idleMs === null ? { kind: "closed", ...carrier } : { kind: "race", connection, closedBy, idleMs };
}

/**
 * A request that meets a close is lost within a round trip. Where it took longer by more than this, the app had it in
 * hand, and closed in the middle of its work; or the machine was busy, which only the app's own log can tell.
 */
const IN_FLIGHT_MS = 30;

/** The pool would have noticed an earlier end and not used the connection; a later one cannot have lost the request. */
const isNear = (edge: EdgeLine, endedAtUs: number): boolean =>
  endedAtUs >= edge.atUs - CLOSED_BEFORE_US && endedAtUs < endOf(edge) + NEAR_US;

const CLOSED_BEFORE_US = 50_000;

/** The guard writes its line about the same end a moment earlier or later than the edge, and reads another clock. */
const NEAR_US = 60_000;

function idleMsOf(edge: EdgeLine, end: GuardLine | null, idleSinceUs: number | null): number | null {
  if (idleSinceUs === null) return null;
  // A port names another connection once the first has ended.
  if (end && idleSinceUs < end.atUs - end.openMs * 1000 - NEAR_US) return null;
  return Math.max(0, edge.atUs - idleSinceUs) / 1000;
}
