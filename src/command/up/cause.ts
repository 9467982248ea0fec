import type { EdgeLine } from "../../evidence/edge-log.ts";
import { closedBy, type GuardLine } from "../../evidence/guard-log.ts";
import { IN_FLIGHT_MS } from "../../evidence/in-flight.ts";

export interface Cause {
  /** race: the keep-alive race. closed: in the middle of its work. down: no connection. own: the target's own 5xx. */
  kind: "race" | "closed" | "down" | "slow" | "own" | "unknown";
  /** Fit to follow "GET / answered 502: ". */
  text: string;
}

/** What is known of a request that was answered with 5xx. */
export interface Failure {
  edge: EdgeLine;
  /** How long its node had been idle when it came, ms; null for a node's first request. */
  idleMs: number | null;
  /** Connections to the target that ended at about the same time. */
  ended: readonly GuardLine[];
  rttMs: number;
}

/** Why a request was answered with an error. */
export function causeOf({ edge, idleMs, ended, rttMs }: Failure): Cause {
  if (edge.up !== "-") return { kind: "own", text: "the app's own answer" };
  if (edge.status === 504) return { kind: "slow", text: `the app was silent for the LB's idle timeout` };
  const byTarget = ended.filter((line) => closedBy(line) === "target");
  if (byTarget.some(({ bytesOut }) => bytesOut === 0)) {
    return { kind: "down", text: "the app closed a new connection without an answer: is it running?" };
  }
  if (edge.totalMs > rttMs + IN_FLIGHT_MS) {
    return { kind: "closed", text: `the app closed the connection after working on it for ${seconds(edge.totalMs)}` };
  }
  if (byTarget.length > 0 && idleMs !== null) {
    return {
      kind: "race",
      text: `keep-alive race: the connection had been idle for ${seconds(idleMs)}, and the app closed it as the request arrived`,
    };
  }
  return { kind: "unknown", text: "the logs do not tell why" };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`;
