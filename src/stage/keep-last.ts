/**
 * Adds a line, and drops the oldest beyond the last 10,000: under `up`, in front of an app that is down, Toxiproxy writes
 * one for each connection, for as long as somebody's load test runs.
 */
export function keepLast(lines: string[], line: string): void {
  if (lines.push(line) >= 2 * MOST) lines.splice(0, MOST);
}

const MOST = 10_000;
