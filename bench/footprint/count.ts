import type { LogLine } from "../../target-app/log.ts";

/** What came to a target, in its own words. */
export interface Footprint {
  connections: number;
  /** The most of them that were open at the same time. */
  mostAtOnce: number;
  requests: number;
  /** The requests that came through the LB, which carry its X-Request-Id; the others came from a probe. */
  throughLb: number;
}

/**
 * Counts what came to our own target app.
 * @param log its lines, up to its end: it logs each connection when that closes
 */
export function countFootprint(log: readonly string[]): Footprint {
  const lines = log.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as LogLine);
  const requests = lines.filter((line) => line.event === "request");
  const closes = lines.filter((line) => line.event === "close");
  // A connection is there at the latest when its first request is.
  const opened = new Map(requests.toReversed().map(({ connection, at }) => [connection, at]));
  const turns = closes
    .flatMap(({ connection, at }) => [
      { at: opened.get(connection) ?? at, by: 1 },
      { at, by: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by);
  let open = 0;
  let mostAtOnce = 0;
  for (const { by } of turns) {
    open += by;
    mostAtOnce = Math.max(mostAtOnce, open);
  }
  return {
    connections: closes.length,
    mostAtOnce,
    requests: requests.length,
    throughLb: requests.filter(({ id }) => id !== null).length,
  };
}
