import { median } from "../../scenarios/lib/median.ts";
import type { Tells } from "../record/tells.ts";
import type { BusyConnection } from "./busy-connection.ts";
import { type ClosesBy, closesBy } from "./closes-by.ts";
import type { IdleConnection } from "./idle-connection.ts";

/** What a probe found out about one target. */
export interface ProbeSummary {
  /** Connections that were answered, and not announced to be closed. */
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
  /** Every answer announced the end of its connection. Where only some did, those are left out of the closes. */
  announcedClose: boolean;
  /** Of the first answer that has one: the `Server` and the `X-Powered-By` header. */
  server: string | null;
  poweredBy: string | null;
  /** Of the first answer; missing where nothing answered. */
  tells?: Tells | undefined;
  /** Of the first answer; null where nothing answered. */
  httpVersion: "1.0" | "1.1" | null;
  status: number | null;
  /** The longest that a connection was watched, ms. */
  watchedMs: number;
  /** What the closes go by; null where there was none. */
  closesBy: ClosesBy | null;
  /** How far apart the looks of a coarse clock are, ms; 0 where it shows none. */
  stepMs: number;
  /** From the beginning of the first connection's idle time to that of the last one's, ms. */
  begunOverMs: number;
  /** Of a connection that was in use all the time: its requests, and whether the target closed it; null without one. */
  busy: { requests: number; closed: boolean } | null;
}

/** Who else was there when the connections were closed. */
export interface Witnesses {
  busy?: BusyConnection | null;
  /** Idle connections that are not summarised themselves. */
  others?: readonly IdleConnection[];
}

/** Condenses what a probe saw. Medians, not means: one busy moment of the machine must not move the aim. */
export function summarise(seen: readonly IdleConnection[], { busy = null, others = [] }: Witnesses = {}): ProbeSummary {
  const kept = seen.filter(({ announcedClose }) => !announcedClose);
  const announcedClose = seen.length > 0 && kept.length === 0;
  const watched = announcedClose ? seen : kept;
  const ended = watched.filter(({ endedBy }) => endedBy !== null);
  const closes = ended.map(({ idleMs }) => idleMs).sort((a, b) => a - b);
  const minMs = closes[0] ?? null;
  const maxMs = closes.at(-1) ?? null;
  const pattern = closesBy([...watched, ...others], busy?.last ?? null);
  const begunMs = watched.map(({ endedAtMs, idleMs }) => endedAtMs - idleMs);
  return {
    connections: watched.length,
    closed: ended.length,
    idleCloseMs: closes.length * 2 > watched.length ? median(closes) : null,
    minMs,
    maxMs,
    spreadMs: minMs === null || maxMs === null ? null : maxMs - minMs,
    endedBy: {
      fin: ended.filter(({ endedBy }) => endedBy === "FIN").length,
      rst: ended.filter(({ endedBy }) => endedBy === "RST").length,
    },
    claimedMs: seen.find(({ claimedMs }) => claimedMs !== null)?.claimedMs ?? null,
    announcedClose,
    server: seen.find(({ server }) => server !== null)?.server ?? null,
    poweredBy: seen.find(({ poweredBy }) => poweredBy !== null)?.poweredBy ?? null,
    ...(seen[0]?.tells === undefined ? {} : { tells: seen[0].tells }),
    httpVersion: seen[0]?.httpVersion ?? null,
    status: seen[0]?.status ?? null,
    watchedMs: Math.max(0, ...watched.map(({ idleMs }) => idleMs)),
    closesBy: closes.length === 0 ? null : (pattern?.by ?? null),
    stepMs: pattern?.stepMs ?? 0,
    begunOverMs: begunMs.length === 0 ? 0 : Math.max(...begunMs) - Math.min(...begunMs),
    busy: busy && {
      requests: busy.requests,
      closed: busy.last !== null && busy.last.endedBy !== null && !busy.last.announcedClose,
    },
  };
}
