import type { Outcome } from "../../record/attempt.ts";
import type { Result, ResultRun } from "../../record/result.ts";

/** Each sent request at its idle gap. Offsets are ms from `zero`. */
export interface Picture {
  rows: Row[];
  /** The idle gap from which offsets count, ms, what happens there, and whose clock it is. */
  zero: { gapMs: number; event: ZeroEvent; by: Counter };
  /** What is drawn. */
  fromMs: number;
  toMs: number;
  /** Where requests are lost: as wide as the round trip; null where no request can be lost, or it is not known where. */
  band: Span | null;
  /** By how much the client's gaps are shorter than the target's own idle time, ms; null = not known. */
  shorterMs: number | null;
}

/** The client counts from one answer to the next request; the relay at the target's door from each connection's own close. */
export type Counter = "client" | "door";

export type ZeroEvent = "server-closes" | "lb-closes" | "answer";

export interface Span {
  fromMs: number;
  toMs: number;
}

/** One run, or its requests that were aimed in one way. */
export interface Row {
  /** Its name: "before". */
  run: string;
  /** How its requests were aimed, where others of the run were aimed differently; else null. */
  aim: "close" | "clock" | null;
  /** For how long the closes were kept back; null = none was. */
  heldMs: ResultRun["heldMs"] | null;
  /** Where its requests are lost: one round trip, and as long as a close was kept back. */
  band: Span | null;
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

/** One request's outcome, as far as the picture distinguishes it. */
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
  const groups = runs.flatMap((run) => groupsOf(run, zero));
  const range = zero.by === "door" ? rangeAtDoor(groups, rttMs) : rangeOf(runs, zero.gapMs, band, rttMs);
  const closeMs = result.probe.idleCloseMs;
  const shorterMs =
    zero.by === "client" && band !== null && zero.gapMs > 0 && closeMs !== null ? closeMs - zero.gapMs : null;
  return {
    rows: groups.map((group) => rowOf(group, zero, band, range)),
    zero,
    ...range,
    band,
    shorterMs: shorterMs !== null && Math.abs(shorterMs) < 100 ? shorterMs : null,
  };
}

/** A round trip of loopback would be no visible band. */
const LEAST_BAND_MS = 0.1;

const isSent = ({ outcome }: { outcome: Outcome }): boolean => outcome !== "missed";

/** The window is the middle half of the band (scenarios/lib/window.ts), so both have the same middle. */
function placeOf({ lb, probe }: Result, run: ResultRun, rttMs: number): Pick<Picture, "zero" | "band"> {
  const close = run.window.findLast(({ kind }) => kind === "close");
  if (close && run.aim === "close" && probe.idleCloseMs !== null) {
    return {
      zero: { gapMs: probe.idleCloseMs, event: "server-closes", by: "door" },
      band: { fromMs: 0, toMs: rttMs },
    };
  }
  if (close && !run.samples.some(({ outcome }) => outcome === "answered")) {
    const gapMs = (close.fromMs + close.toMs) / 2 - rttMs / 2;
    return { zero: { gapMs, event: "server-closes", by: "client" }, band: { fromMs: 0, toMs: rttMs } };
  }
  // Through a standing LB it is not known by how much requests sent all at once are late.
  if (close && probe.idleCloseMs !== null) {
    return { zero: { gapMs: probe.idleCloseMs, event: "server-closes", by: "client" }, band: null };
  }
  const kind = run.window[0]?.kind;
  if (kind === "last-reuse") {
    return { zero: { gapMs: run.lbIdleTimeoutMs || lb.idleTimeoutMs, event: "lb-closes", by: "client" }, band: null };
  }
  return {
    zero: { gapMs: 0, event: "answer", by: "client" },
    band: kind === "at-once" ? { fromMs: 0, toMs: rttMs } : null,
  };
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

/** One run's requests that were aimed in one way, each at its offset. */
interface Group {
  run: ResultRun;
  aim: Row["aim"];
  samples: (Mark & Pick<Sample, "outcome">)[];
}

type Sample = ResultRun["samples"][number];

/** Those that swept by the clock are told apart from those that met the close. */
function groupsOf(run: ResultRun, zero: Picture["zero"]): Group[] {
  const sent = run.samples.filter(isSent);
  const marked = (samples: readonly Sample[]) => samples.flatMap((sample) => markOf(sample, zero));
  const swept = sent.filter(({ aim }) => aim === "clock");
  if (run.aim !== "close" || swept.length === 0) return [{ run, aim: null, samples: marked(sent) }];
  const met = sent.filter(({ aim }) => aim === "close");
  return [
    { run, aim: "clock", samples: marked(swept) },
    { run, aim: "close", samples: marked(met) },
  ];
}

function markOf({ outcome, gapMs, door }: Sample, { gapMs: zeroMs, by }: Picture["zero"]): Group["samples"] {
  const offsetMs = by === "client" ? gapMs - zeroMs : (door?.afterCloseMs ?? gapMs - zeroMs);
  return [{ offsetMs, kind: KIND_OF[outcome], outcome }];
}

/** About the close, and as far behind it as it was kept back; one late request must not squeeze the rest. */
function rangeAtDoor(groups: readonly Group[], rttMs: number): Span {
  const reachMs = Math.max(3 * rttMs, 6);
  const heldMs = Math.max(0, ...groups.map(({ run }) => run.heldMs?.max ?? 0));
  const offsets = groups.flatMap(({ samples }) => samples.map(({ offsetMs }) => offsetMs));
  const shown = offsets.filter((offsetMs) => offsetMs >= -reachMs && offsetMs <= rttMs + heldMs + reachMs);
  const [low, high] = [Math.min(-rttMs, ...shown), Math.max(2 * rttMs, ...shown)];
  const marginMs = (high - low) * 0.04;
  return { fromMs: low - marginMs, toMs: high + marginMs };
}

function rowOf({ run, aim, samples }: Group, zero: Picture["zero"], band: Picture["band"], range: Span): Row {
  const { fromMs, toMs } = range;
  const window = zero.by === "client" ? run.window.at(-1) : undefined;
  const isDrawn = ({ offsetMs }: Mark) => offsetMs >= fromMs && offsetMs <= toMs;
  const heldMs = aim === "clock" ? null : (run.heldMs ?? null);
  return {
    run: run.name,
    aim,
    heldMs,
    band: band && { ...band, toMs: band.toMs + (heldMs?.max ?? 0) },
    attempts: samples.length,
    lost: samples.filter(({ outcome }) => outcome === "lost").length,
    allOn: allOn(samples),
    marks: samples
      .filter(isDrawn)
      .map(({ offsetMs, kind }) => ({ offsetMs, kind }))
      .sort((a, b) => a.offsetMs - b.offsetMs),
    aimed: window ? { fromMs: window.fromMs - zero.gapMs, toMs: window.toMs - zero.gapMs } : null,
    earlier: counted(samples.filter(({ offsetMs }) => offsetMs < fromMs)),
    later: counted(samples.filter(({ offsetMs }) => offsetMs > toMs)),
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

function allOn(samples: readonly Pick<Sample, "outcome">[]): Row["allOn"] {
  if (samples.length === 0) return null;
  if (samples.every(({ outcome }) => outcome === "own")) return "idle";
  return samples.every(({ outcome }) => outcome === "fresh") ? "new" : null;
}

const counted = (marks: readonly Mark[]): Beyond => ({
  requests: marks.length,
  lost: marks.filter(({ kind }) => kind === "lost").length,
});
