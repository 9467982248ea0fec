import type { EdgeLine } from "../evidence/edge-log.ts";
import { closedBy, endedWith, type GuardLine } from "../evidence/guard-log.ts";
import { IN_FLIGHT_MS } from "../evidence/in-flight.ts";

/**
 * What became of a request, as an ALB tells it apart in its access log.
 * - `answered`: by the target.
 * - `closed`: the target closed the connection that carried it.
 * - `unconnected`: no connection to the target could be made.
 * - `silent`: the target said nothing for the LB's idle timeout.
 * - `left`: the client went away first.
 * - `refused`: the LB answered by itself, no target was asked.
 */
export type Fate = "answered" | "closed" | "unconnected" | "silent" | "left" | "refused";

/** What tells the fate of requests that the target did not answer. */
export interface Witnesses {
  guard: readonly GuardLine[];
  /** X-Request-Ids that the target logged; null for a target whose log nobody has. */
  seenByTarget: ReadonlySet<string> | null;
  rttMs: number;
}

/** The fates of requests, in the order of `edge`, which is that of their coming. */
export function fatesOf(edge: readonly EdgeLine[], witnesses: Witnesses): Fate[] {
  const lastUp = new Map<string, string>();
  return edge.map((line) => {
    const fate = fateOf(line, lastUp.get(line.node) ?? null, witnesses);
    if (line.up !== "-") lastUp.set(line.node, line.up);
    return fate;
  });
}

/** @param lastUp the connection that the same LB node used last: that of the next request, too, if it is open still */
function fateOf(edge: EdgeLine, lastUp: string | null, { guard, seenByTarget, rttMs }: Witnesses): Fate {
  if (edge.up !== "-") return "answered";
  if (edge.status === 504) return "silent";
  if (edge.status < 0 || edge.termination.startsWith("C")) return "left";
  if (edge.status !== 502) return "refused";
  // What was reused or reached the app was a connection; and none that cannot be made takes longer than a round trip.
  if (seenByTarget?.has(edge.id) || edge.totalMs > rttMs + IN_FLIGHT_MS) return "closed";
  const near = endedWith(edge, guard);
  if (near.some(({ up }) => up === lastUp)) return "closed";
  // Toxiproxy takes every connection and closes those that it cannot pass on.
  return near.some((line) => line.bytesOut === 0 && closedBy(line) !== "lb") ? "unconnected" : "closed";
}
