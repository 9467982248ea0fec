import type { Software } from "../advice/recognise.ts";
import type { NeverUsed } from "../probe/never-used.ts";
import type { LimitSearch } from "../probe/request-limit.ts";
import type { ProbeSummary } from "../probe/summarise.ts";
import type { AgainstLb } from "../record/against-lb.ts";
import type { Result } from "../record/result.ts";
import { measured, setting } from "../record/units.ts";

export interface ProbeFindings {
  summary: ProbeSummary;
  kind: AgainstLb;
  neverUsed?: NeverUsed | null;
  requests?: LimitSearch | null;
  software?: Software | null;
}

/** result.json's `probe`. */
export function probePart(findings: ProbeFindings, lbIdleMs: number): Result["probe"] {
  const { summary, kind, neverUsed = null, requests = null, software = null } = findings;
  const { idleCloseMs, spreadMs, minMs, maxMs, connections, claimedMs, watchedMs, closesBy, stepMs } = summary;
  return {
    idleCloseMs,
    spreadMs,
    minMs,
    maxMs,
    connections,
    claimedMs,
    outcome: outcomeOf(summary),
    verdict: kind === "vulnerable" && idleCloseMs !== null ? `vulnerable by ${marginOf(idleCloseMs, lbIdleMs)}` : kind,
    kind,
    neverUsed,
    requestLimit: requests?.limit ?? null,
    requestsTried: requests && { upTo: requests.lookedUpTo, why: requests.why },
    watchedMs,
    closesBy,
    stepMs,
    software: software?.title ?? null,
  };
}

/** Where the run ended before the probe had a result. */
export const noProbe = (why: string): Result["probe"] => ({
  idleCloseMs: null,
  spreadMs: null,
  minMs: null,
  maxMs: null,
  connections: 0,
  claimedMs: null,
  outcome: why,
  verdict: "unknown",
  kind: "unknown",
  neverUsed: null,
  requestLimit: null,
  software: null,
});

function outcomeOf({ idleCloseMs, closed, connections, watchedMs, announcedClose }: ProbeSummary): string {
  if (announcedClose) return "each answer announces the close of its connection";
  if (idleCloseMs === null && closed === 0) return `open after ${measured(watchedMs)}`;
  return `${closed} of ${connections} closed by the target`;
}

const marginOf = (idleCloseMs: number, lbIdleMs: number): string =>
  setting(Math.round((lbIdleMs - idleCloseMs) / 100) * 100);
