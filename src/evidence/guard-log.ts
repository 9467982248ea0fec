import { z } from "zod";
import { parseLine } from "./edge-log.ts";

/** One line of the guard's log, as simulator/haproxy.cfg writes it: one per connection to the target, at its end. */
const guardLineSchema = z.object({
  log: z.literal("guard"),
  /** When the connection ended, microseconds since 1970. */
  atUs: z.number(),
  /** The connection, as the edge's `up` and `sentOn` name it: a port, which may name another one later. */
  up: z.string(),
  /** HAProxy's termination state: cD/sD = the LB's idle timer; -- = the target closed. */
  termination: z.string(),
  openMs: z.number(),
  /** From the LB, and from the target. */
  bytesIn: z.number(),
  bytesOut: z.number(),
});

export type GuardLine = z.infer<typeof guardLineSchema>;

/** Who ended a connection. Lower case is one of the LB's timers; "SD" is the target's reset, "--" its orderly close. */
export function closedBy({ termination }: GuardLine): "target" | "lb" | "unknown" {
  if (/^[cs]D/.test(termination)) return "lb";
  return /^(--|SD)/.test(termination) ? "target" : "unknown";
}

/** The guard's lines among everything that HAProxy wrote, in its order. @throws InconclusiveError for half a line */
export const guardLines = (haproxyLog: readonly string[]): GuardLine[] =>
  haproxyLog.map(guardLine).filter((line) => line !== null);

/** One line of the guard's log; null for any other line. @throws InconclusiveError for half a line */
export const guardLine = (line: string): GuardLine | null =>
  line.startsWith('{"log":"guard"') ? parseLine(guardLineSchema, line) : null;
