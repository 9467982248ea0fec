import type { AttemptReport } from "../../../scenarios/lib/close-protocol.ts";
import type { Attempt, DoorSight } from "../../record/attempt.ts";
import type { Fate } from "./breakpoint.ts";

/** What the coordinator knows of an attempt besides the user's own report. Times are performance.now(), ms. */
export interface Known {
  round: number;
  user: number;
  atMs: number;
  setGapMs: number;
  /** It went by the clock, with nothing kept back. */
  sweeps: boolean;
  /** What became of its idle connection; null where the warming request had failed. */
  fate: Fate | null;
  idleSinceMs: number | null;
  /** When the request came to the door, on whatever connection; null = not known. */
  arrivedMs: number | null;
  /** When the first side's target closes, as far as it was heard. */
  expectedCloseMs: number | null;
  /** On the other sides: whether the first side's user met the close at this gap. */
  counterpartMet: boolean | null;
  lastReuseMs: number | null;
  /** What the target answers when all is well, as its first answer showed. */
  usualStatus: number;
}

/** One attempt as result.json keeps it: what k6 saw, with what the door saw. */
export function attemptOf(report: AttemptReport, known: Known): Attempt {
  const { round, user, atMs, sweeps, setGapMs } = known;
  const door = sightOf(known, report);
  return {
    ...{ round, user, node: String(user + 1), setGapMs, gapMs: Math.max(0, report.gapMs), atMs },
    inWindow: !sweeps && isAimed(door, known),
    outcome: outcomeOf(report, door, known),
    status: report.status,
    requestId: report.requestId,
    connection: report.connection,
    aim: sweeps ? "clock" : "close",
    door,
  };
}

/**
 * The LB takes what the target said unasked for the answer, so the request itself was never answered: a 408 that the
 * client gets is a loss.
 */
function outcomeOf(report: AttemptReport, door: DoorSight, { usualStatus }: Known): Attempt["outcome"] {
  if (door.why === BROKEN) return "error";
  // The simulated LB names the connection of each answer of the target's: one without a name is the LB's own.
  if (report.outcome === "answered") return "error";
  const isTaken = ["hit", "missed"].includes(door.end) && door.said === "bytes" && report.status !== usualStatus;
  return isTaken && (report.outcome === "own" || report.outcome === "error") ? "lost" : report.outcome;
}

function sightOf(
  { fate, sweeps, idleSinceMs, arrivedMs, expectedCloseMs, usualStatus }: Known,
  { outcome, status }: AttemptReport,
): DoorSight {
  if (fate === null || idleSinceMs === null) {
    const why = "its warm-up request failed";
    return { end: "missed", why, said: null, idleMs: null, heldMs: null, afterCloseMs: null };
  }
  const { unasked } = fate;
  const closeMs = unasked?.atMs ?? (expectedCloseMs === null ? null : idleSinceMs + expectedCloseMs);
  const cameMs = arrivedMs ?? fate.requestAtMs;
  const seen = {
    said: unasked?.kind ?? null,
    idleMs: unasked === null ? null : unasked.atMs - idleSinceMs,
    heldMs: fate.heldMs,
    afterCloseMs: closeMs === null || cameMs === null ? null : cameMs - closeMs,
  };
  if (sweeps) return { end: "watched", why: null, ...seen };
  if (unasked === null) return { end: "never", why: isBroken(fate, outcome) ? BROKEN : null, ...seen };
  if (!fate.met) return { end: "missed", why: whyMissed(fate), ...seen };
  // A late session ticket of TLS, say: no end, and no answer either.
  if (unasked.kind === "bytes" && outcome === "own" && status === usualStatus) {
    return { end: "missed", why: "what the target sent unasked did not end the connection", ...seen };
  }
  return { end: "hit", why: null, ...seen };
}

/** The LB makes a 502, too, of an answer that is cut off or no HTTP. That is no race: the target had the request. */
const isBroken = ({ answered }: Fate, outcome: AttemptReport["outcome"]): boolean => answered && outcome === "lost";

export const BROKEN = "the target answered with something that is no whole HTTP response";

function whyMissed({ late, heldMs, leftByLb, requestAtMs }: Fate): string {
  if (late)
    return `its request had not come after ${Math.round(heldMs ?? 0)} ms, the longest that a close is kept back`;
  if (leftByLb) return "the LB closed the connection first";
  return requestAtMs === null ? "its request took another connection" : "its request came before the close was heard";
}

function isAimed(door: DoorSight, { fate, counterpartMet, lastReuseMs, idleSinceMs }: Known): boolean {
  if (door.end === "hit") return true;
  if (door.end !== "never" || fate === null) return false;
  if (counterpartMet !== null) return counterpartMet;
  // The last reuse before the LB's own timeout, unless it came too late.
  if (lastReuseMs === null || fate.requestAtMs === null) return false;
  return fate.requestAtMs - idleSinceMs! <= lastReuseMs + LATE_MS;
}

/**
 * How late a busy machine may be after the 250 ms before the LB's own timeout: later still, the last 50 ms are too near, in
 * which the simulated LB repeats what is lost.
 */
const LATE_MS = 170;
