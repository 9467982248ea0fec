import { z } from "zod";

/** One line of the guard's log, as simulator/haproxy.cfg writes it when a connection to the target has ended. */
const guardLineSchema = z.object({
  log: z.literal("guard"),
  /** X-Up of the answers that this connection carried. */
  up: z.string(),
  /** cD, sD = the LB's idle timer closed it; -- = the target did. */
  termination: z.string(),
  openMs: z.number(),
});

export type GuardLine = z.infer<typeof guardLineSchema>;

export function guardLines(haproxyLog: readonly string[]): GuardLine[] {
  return haproxyLog
    .filter((line) => line.startsWith('{"log":"guard"'))
    .map((line) => guardLineSchema.parse(JSON.parse(line)));
}
