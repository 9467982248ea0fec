import type { Outcome } from "../../record/attempt.ts";
import type { Result, ResultRun } from "../../record/result.ts";

/** Each sent request at its idle gap. Offsets are ms from `zero`. */
export interface Picture {
  rows: Row[];
  /** The client's idle gap from which offsets count, ms, and what happens there. */
  zero: { gapMs: number; event: ZeroEvent };
  /** What is drawn. */
  fromMs: number;
  toMs: number;
  /** Where requests are lost: as wide as the round trip; null where no request can be, or nobody knows where. */
  band: Span | null;
  /** By how much the client's gaps are shorter than the target's own idle time, ms; null = not known. */
  shorterMs: number | null;
}

export type ZeroEvent = "server-closes" | "lb-closes" | "answer";

export interface Span {
  fromMs: number;
  toMs: number;
}

/** One run. */
export interface Row {
  /** Its name: "before". */
  run: string;
  attempts: number;
  lost: number;
  /** On which connection all were answered; null where not all were answered on the same kind. */
  allOn: "idle" | "new" | null;
  marks: Mark[];
  /** The last window that was aimed at, settled before sending. */
  aimed: Span | null;
  /** Requests that lie beyond what is drawn, on either side. */
  earlier: Beyond;
  later: Beyond;
}

export interface Mark {
  offsetMs: number;
  kind: Kind;
}

/** What became of one request, as far as the picture tells it apart. */
export type Kind = "own" | "lost" | "fresh" | "answered" | "other";

interface Beyond {
  requests: number;
  lost: number;
}

/** null where no request was aimed, as in a probe. */
export function pictureOf(result: Result): Picture | null {
  const runs = result.runs.filter(({ samples }) => samples.some(isSent));
  const first = runs[0];
  if (!first) return null;
  const rttMs = Math.max(result.network.measuredRttMs ?? result.network.rttMs, LEAST_BAND_MS);
  const { zero, band } = placeOf(result, first, rttMs);
  const range = rangeOf(runs, zero.gapMs, band, rttMs);
  const closeMs = result.probe.idleCloseMs;
  const shorterMs = band !== null && zero.gapMs > 0 && closeMs !== null ? closeMs - zero.gapMs : null;
  return {
    rows: runs.map((run) => rowOf(run, zero.gapMs, range)),
    zero,
    ...range,
    band,
    shorterMs: shorterMs !== null && Math.abs(shorterMs) < 100 ? shorterMs : null,
  };
}

/** A round trip of loopback would be no visible band. */
const LEAST_BAND_MS = 0.1;

const isSent = ({ outcome }: { outcome: Outcome }): boolean => outcome !== "missed";

/** The window is the middle half of what is to be lost (scenarios/lib/window.ts), so its middle is the band's too. */
function placeOf({ lb, probe }: Result, run: ResultRun, rttMs: number): Pick<Picture, "zero" | "band"> {
  const close = run.window.findLast(({ kind }) => kind === "close");
  if (close && !run.samples.some(({ outcome }) => outcome === "answered")) {
    const gapMs = (close.fromMs + close.toMs) / 2 - rttMs / 2;
    return { zero: { gapMs, event: "server-closes" }, band: { fromMs: 0, toMs: rttMs } };
  }
  // Through a standing LB nobody knows by how much a crowd's requests are late.
  if (close && probe.idleCloseMs !== null) {
    return { zero: { gapMs: probe.idleCloseMs, event: "server-closes" }, band: null };
  }
  const kind = run.window[0]?.kind;
  if (kind === "last-reuse") {
    return { zero: { gapMs: run.lbIdleTimeoutMs || lb.idleTimeoutMs, event: "lb-closes" }, band: null };
  }
  return { zero: { gapMs: 0, event: "answer" }, band: kind === "at-once" ? { fromMs: 0, toMs: rttMs } : null };
}

/** The neighbourhood of the window and of the zero; one request that a busy machine sent late must not squeeze the rest. */
function rangeOf(runs: readonly ResultRun[], zeroMs: number, band: Picture["band"], rttMs: number): Span {
  const windows = runs.flatMap(({ window }) => window.slice(0, 1));
  const reachMs = Math.max(3 * rttMs, 6);
  const near = (gapMs: number) => windows.some((w) => gapMs >= w.fromMs - reachMs && gapMs <= w.toMs + reachMs);
  const gaps = runs.flatMap(({ samples }) => samples.filter(isSent).map(({ gapMs }) => gapMs));
  const shown = gaps.filter((gapMs) => windows.length === 0 || near(gapMs)).map((gapMs) => gapMs - zeroMs);
  const all = [...shown, ...(band ? [-rttMs, 2 * rttMs] : zeroMs > 0 ? [0] : [])];
  const low = Math.min(...all);
  const high = Math.max(...all);
  const marginMs = Math.max((high - low) * 0.04, 0.1);
  return { fromMs: low - marginMs, toMs: high + marginMs };
}

function rowOf(run: ResultRun, zeroMs: number, { fromMs, toMs }: Span): Row {
  const { name, attempts, lost } = run;
  const window = run.window.at(-1);
  const all = run.samples
    .filter(isSent)
    .map(({ gapMs, outcome }): Mark => ({ offsetMs: gapMs - zeroMs, kind: KIND_OF[outcome] }));
  return {
    run: name,
    attempts,
    lost,
    allOn: allOn(run),
    marks: all.filter(({ offsetMs }) => offsetMs >= fromMs && offsetMs <= toMs).sort((a, b) => a.offsetMs - b.offsetMs),
    aimed: window ? { fromMs: window.fromMs - zeroMs, toMs: window.toMs - zeroMs } : null,
    earlier: counted(all.filter(({ offsetMs }) => offsetMs < fromMs)),
    later: counted(all.filter(({ offsetMs }) => offsetMs > toMs)),
  };
}

const KIND_OF: Record<Outcome, Kind> = {
  own: "own",
  lost: "lost",
  fresh: "fresh",
  answered: "answered",
  down: "other",
  retried: "other",
  error: "other",
  missed: "other",
};

function allOn({ attempts, own, fresh }: ResultRun): Row["allOn"] {
  if (attempts === 0) return null;
  return own === attempts ? "idle" : fresh === attempts ? "new" : null;
}

const counted = (marks: readonly Mark[]): Beyond => ({
  requests: marks.length,
  lost: marks.filter(({ kind }) => kind === "lost").length,
});
