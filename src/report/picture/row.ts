import type { Outcome } from "../../record/attempt.ts";
import type { ResultRun } from "../../record/result.ts";
import type { Kind, Mark, Row } from "./picture.ts";
import { atText } from "./words.ts";

/** A run's requests as a row of the picture: those within `range`, which is in ms from `zeroMs`; the others as words. */
export function rowOf(run: ResultRun, zeroMs: number, range: { fromMs: number; toMs: number }): Row {
  const window = run.window.at(-1);
  const all = run.samples
    .filter(isSent)
    .map(({ gapMs, outcome }) => ({ offsetMs: gapMs - zeroMs, kind: KINDS[outcome] }));
  const isShown = ({ offsetMs }: Mark) => offsetMs >= range.fromMs && offsetMs <= range.toMs;
  const earlier = all.filter(({ offsetMs }) => offsetMs < range.fromMs);
  const later = all.filter(({ offsetMs }) => offsetMs > range.toMs);
  const beyond = [
    beyondText(earlier, `earlier than ${atText(zeroMs + range.fromMs)}`),
    beyondText(later, `later than ${atText(zeroMs + range.toMs)}`),
  ].filter((text) => text !== null);
  return {
    title: TITLES[run.name] ?? run.name,
    summary: `${run.lost} of ${run.attempts} requests lost`,
    how: howOf(run),
    lost: run.lost,
    marks: all.filter(isShown).sort((a, b) => a.offsetMs - b.offsetMs),
    aimed: window ? { fromMs: window.fromMs - zeroMs, toMs: window.toMs - zeroMs } : null,
    beyond: beyond.length === 0 ? null : `Not drawn: ${beyond.join("; ")}.`,
  };
}

/** Whether there is a request to draw. */
export const isSent = ({ outcome }: { outcome: Outcome }): boolean => outcome !== "missed";

const TITLES: Record<string, string> = { before: "before the fix", after: "with the fix" };

const KINDS: Record<Outcome, Kind> = {
  own: "own",
  lost: "lost",
  fresh: "fresh",
  answered: "answered",
  down: "other",
  retried: "other",
  error: "other",
  missed: "other",
};

function howOf({ attempts, own, fresh }: ResultRun): string | null {
  if (attempts === 0) return null;
  if (own === attempts) return "All were answered on the idle connection.";
  return fresh === attempts ? "All were answered on new connections." : null;
}

function beyondText(marks: readonly Mark[], where: string): string | null {
  if (marks.length === 0) return null;
  const lost = marks.filter(({ kind }) => kind === "lost").length;
  return `${marks.length} ${where}, ${lost === 0 ? "none" : lost} of them lost`;
}
