import { z } from "zod";
import { InconclusiveError } from "../run/exit.ts";
import { type EdgeLine, endOf } from "./edge-log.ts";

/** One line of the guard's log, as simulator/haproxy.cfg writes it: one per connection to the target, at its end. */
const guardLineSchema = z.object({
  log: z.literal("guard"),
  /** When the connection ended, microseconds since 1970. */
  atUs: z.number(),
  /** The connection, as X-Up names it. */
  up: z.string(),
  /** HAProxy's termination state: cD/sD = the LB's idle timer; -- = the target closed. */
  termination: z.string(),
  openMs: z.number(),
  /** From the LB, and from the target. */
  bytesIn: z.number(),
  bytesOut: z.number(),
});

export type GuardLine = z.infer<typeof guardLineSchema>;

/** The guard writes its line about the same end a moment earlier or later than the edge. Microseconds. */
export const NEAR_US = 60_000;

/** Who ended a connection. Lower case is one of the LB's timers; "SD" is the target's reset, "--" its orderly close. */
export function closedBy({ termination }: GuardLine): "target" | "lb" | "unknown" {
  if (/^[cs]D/.test(termination)) return "lb";
  return /^(--|SD)/.test(termination) ? "target" : "unknown";
}

/** The guard's lines among everything that HAProxy wrote, in its order. @throws InconclusiveError for half a line */
export const guardLines = (haproxyLog: readonly string[]): GuardLine[] =>
  haproxyLog.map(guardLine).filter((line) => line !== null);

/** Those that ended when `edge` did. */
export function endedWith(edge: EdgeLine, guard: readonly GuardLine[]): GuardLine[] {
  const endedAtUs = endOf(edge);
  return guard.filter(({ atUs }) => Math.abs(atUs - endedAtUs) < NEAR_US);
}

/** One line of the guard's log; null for any other line. @throws InconclusiveError for half a line */
export function guardLine(line: string): GuardLine | null {
  if (!line.startsWith('{"log":"guard"')) return null;
  try {
    return guardLineSchema.parse(JSON.parse(line));
  } catch {
    throw new InconclusiveError(`the LB's log has a line that cannot be read: ${line.slice(0, 200)}`);
  }
}
