import { type EdgeLine, endOf } from "../../../evidence/edge-log.ts";

/**
 * Without what was under way when client, LB and network were stopped in the end: that says nothing of the deploy. What had
 * been waited for longer by then is a failure and stays.
 * @param stoppedAtMs epoch ms
 */
export function linesThatCount(lines: readonly EdgeLine[], stoppedAtMs: number): EdgeLine[] {
  const wasCutOff = (line: EdgeLine) => line.termination.startsWith("C") || endOf(line) / 1000 >= stoppedAtMs;
  return lines.filter((line) => !wasCutOff(line) || line.atUs / 1000 < stoppedAtMs - LONG_MS);
}

/** Far longer than an answer takes whose client was stopped as it waited. */
const LONG_MS = 5000;
