import { median } from "../../scenarios/lib/median.ts";
import type { Attempt } from "../record/attempt.ts";
import { clopperPearson, type Rate } from "./interval.ts";

/** What a run comes to. `own + lost + fresh + answered + down + retried + errors = attempts`. */
export interface Counts {
  /** Requests sent after their gap. Those that `missed` their moment were never sent and are not among them. */
  attempts: number;
  /** Attempts that were aimed true, whatever their outcome: see Attempt's own `inWindow`. */
  inWindow: number;
  /** All attempts with the outcome `lost`, inside the window and outside. */
  lost: number;
  /** Lost attempts among `inWindow`: `lostInWindow / inWindow` is a rate, `lost / inWindow` can pass 1. */
  lostInWindow: number;
  own: number;
  fresh: number;
  /** Answered through an LB that does not say on which connection. */
  answered: number;
  down: number;
  retried: number;
  missed: number;
  errors: number;
  /** `atMs` of the earliest lost attempt, or null. */
  firstLostMs: number | null;
}

export function countAttempts(attempts: readonly Attempt[]): Counts {
  const sent = attempts.filter(({ outcome }) => outcome !== "missed");
  const inWindow = sent.filter((attempt) => attempt.inWindow);
  const withOutcome = (outcome: Attempt["outcome"], among: readonly Attempt[] = sent) =>
    among.filter((attempt) => attempt.outcome === outcome);
  const lost = withOutcome("lost");
  return {
    attempts: sent.length,
    inWindow: inWindow.length,
    lost: lost.length,
    lostInWindow: withOutcome("lost", inWindow).length,
    own: withOutcome("own").length,
    fresh: withOutcome("fresh").length,
    answered: withOutcome("answered").length,
    down: withOutcome("down").length,
    retried: withOutcome("retried").length,
    missed: attempts.length - sent.length,
    errors: withOutcome("error").length,
    firstLostMs: lost.reduce<number | null>((first, { atMs }) => Math.min(first ?? atMs, atMs), null),
  };
}

/** How a run was aimed, and for how long the target's closes were kept back, ms: the one-way delay that this adds. */
export function aimOf(attempts: readonly Attempt[]) {
  const held = attempts.flatMap(({ door }) => (door?.heldMs == null ? [] : [door.heldMs]));
  return {
    aim: attempts.some(({ aim }) => aim === "close") ? ("close" as const) : ("clock" as const),
    heldMs: held.length === 0 ? null : { median: median(held), max: Math.max(...held) },
  };
}

/** The share of in-window attempts that were lost, or null where none was aimed inside a window. */
export function lossRate({ lostInWindow, inWindow }: Counts): Rate | null {
  return inWindow === 0 ? null : clopperPearson(lostInWindow, inWindow);
}
