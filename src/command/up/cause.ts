import type { EdgeLine } from "../../evidence/edge-log.ts";
import type { Fate } from "../../evidence/fate.ts";

export interface Cause {
  /**
   * race: the keep-alive race. closed: while the app worked on the request. down: no connection. slow: a 504.
   * app-error: the app's own 5xx.
   */
  kind: "race" | "closed" | "down" | "slow" | "app-error" | "unknown";
  /** Follows "GET / answered 502: ". */
  text: string;
}

/** In words, why a request was answered with 5xx. */
export function causeOf({ totalMs }: Pick<EdgeLine, "totalMs">, fate: Fate): Cause {
  switch (fate.kind) {
    case "answered":
      return { kind: "app-error", text: "the app's own answer" };
    case "silent":
      return { kind: "slow", text: "the app was silent for the LB's idle timeout" };
    case "unconnected":
      return { kind: "down", text: "the app closed a new connection without an answer: is it running?" };
    case "closed":
      return { kind: "closed", text: `the app closed the connection after working on it for ${seconds(totalMs)}` };
    case "race":
      return {
        kind: "race",
        text: `keep-alive race: the connection had been idle for ${seconds(fate.idleMs)}, and the app closed it as the request arrived`,
      };
    case "expired":
      return {
        kind: "unknown",
        text: "the LB's own idle timer closed the connection, which would cost an ALB nothing",
      };
    case "left":
      return { kind: "unknown", text: "the client left before the answer" };
    case "refused":
      return { kind: "unknown", text: "the LB answered by itself, without asking the app" };
    case "unknown":
      return { kind: "unknown", text: "the logs do not tell why" };
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`;
