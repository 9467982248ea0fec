import { median } from "../../scenarios/lib/median.ts";
import type { IdleConnection } from "./idle-connection.ts";

/** What a probe found out about one target. */
export interface ProbeSummary {
  /** Connections that answered. */
  connections: number;
  /** How many of them the target closed while they were watched. */
  closed: number;
  /** Median idle close, ms; null when half of the connections or more were still open. */
  idleCloseMs: number | null;
  minMs: number | null;
  maxMs: number | null;
  /** maxMs - minMs. */
  spreadMs: number | null;
  endedBy: { fin: number; rst: number };
  /** What the Keep-Alive header promised, ms; null without one. */
  claimedMs: number | null;
  announcedClose: boolean;
  /** The longest that a connection was watched, ms. */
  watchedMs: number;
}

/** Condenses what a probe saw. Medians, not means: one busy moment of the machine must not move the aim. */
export function summarise(seen: readonly IdleConnection[]): ProbeSummary {
  const ended = seen.filter(({ endedBy }) => endedBy !== null);
  const closes = ended.map(({ idleMs }) => idleMs).sort((a, b) => a - b);
  const minMs = closes[0] ?? null;
  const maxMs = closes.at(-1) ?? null;
  return {
    connections: seen.length,
    closed: ended.length,
    idleCloseMs: closes.length * 2 > seen.length ? median(closes) : null,
    minMs,
    maxMs,
    spreadMs: minMs === null || maxMs === null ? null : maxMs - minMs,
    endedBy: {
      fin: ended.filter(({ endedBy }) => endedBy === "FIN").length,
      rst: ended.filter(({ endedBy }) => endedBy === "RST").length,
    },
    claimedMs: seen.find(({ claimedMs }) => claimedMs !== null)?.claimedMs ?? null,
    announcedClose: seen.some(({ announcedClose }) => announcedClose),
    watchedMs: Math.max(0, ...seen.map(({ idleMs }) => idleMs)),
  };
}
