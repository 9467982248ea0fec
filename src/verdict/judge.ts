import type { Counts } from "./count.ts";
import { fisherExact } from "./fisher.ts";

export type RunVerdict = "lost" | "clean" | "inconclusive";
export type ComparisonVerdict = "reproduced" | "not-reproduced" | "fix-failed" | "inconclusive";

/** What one run shows, and why. `reasons` are whole sentences, the weightiest first, never empty. */
export interface RunJudgement {
  expect: "clean" | "lost";
  verdict: RunVerdict;
  reasons: string[];
}

/** What before against after shows. `pValue` is Fisher's, over the in-window attempts of both runs. */
export interface ComparisonJudgement {
  verdict: ComparisonVerdict;
  pValue: number;
  reasons: string[];
}

/**
 * The in-window attempts without a loss that a clean verdict takes. An unfixed target loses nine in ten of them, so
 * five would exclude it (0.1^5). Ten exclude it even where half of them miss: 0.5^10 = 0.1 %; the 95 % interval of 0 of
 * 10 ends at 31 %.
 */
export const MIN_IN_WINDOW = 10;

/** A before-run that loses less is not a reproduction on demand; measured ones lose 90 % and more. */
const MIN_REPRODUCED_RATE = 0.5;

/** Chance alone gets below this p once in 1,000 runs; 7 of 7 against 0 of 7 is enough to prove a difference. */
const MAX_P = 0.001;

/**
 * Judges one run by its counts. A loss in front of a living target is a loss, whatever else went wrong; "clean" takes
 * enough aimed attempts and nothing unexplained; all else is inconclusive, never clean.
 * @param least how many aimed attempts are enough; fewer where each is known to have met its moment
 */
export function judgeRun(
  counts: Counts,
  { expect, least = MIN_IN_WINDOW }: { expect: "clean" | "lost"; least?: number },
): RunJudgement {
  const doubts = doubtsAbout(counts);
  if (counts.lost > 0 && counts.down === 0) {
    const surprise = expect === "clean" ? ", where none was expected to be" : "";
    return { expect, verdict: "lost", reasons: [`${lossesOf(counts)}${surprise}.`, ...doubts] };
  }
  const tooFew = aimDoubt(counts, least);
  if (tooFew) doubts.push(tooFew);
  if (doubts.length > 0) return { expect, verdict: "inconclusive", reasons: doubts };
  const surprise = expect === "lost" ? ", where losses were expected" : "";
  return { expect, verdict: "clean", reasons: [`${lossesOf(counts)}${surprise}.`] };
}

/**
 * Judges the same traffic before and after a fix. The after-run's `inWindow` must mean the *before*-run's window: the
 * same gaps. Under a fix on the LB's side all its attempts are `fresh`, and it is clean all the same.
 */
export function judgeComparison(before: Counts, after: Counts): ComparisonJudgement {
  const pValue = fisherExact(
    before.lostInWindow,
    before.inWindow - before.lostInWindow,
    after.lostInWindow,
    after.inWindow - after.lostInWindow,
  );
  const beforeRun = judgeRun(before, { expect: "lost" });
  const afterRun = judgeRun(after, { expect: "clean" });
  const conclude = (verdict: ComparisonVerdict, reasons: string[]) => ({ verdict, pValue, reasons });

  if (afterRun.verdict === "lost") return conclude("fix-failed", named("After", afterRun));
  if (beforeRun.verdict === "clean") return conclude("not-reproduced", named("Before", beforeRun));
  const doubts = [
    ...(beforeRun.verdict === "inconclusive"
      ? named("Before", beforeRun)
      : [...named("Before", { reasons: doubtsAbout(before) }), ...blunt(before)]),
    ...(afterRun.verdict === "inconclusive" ? named("After", afterRun) : []),
    ...unequal(before, after),
  ];
  if (doubts.length === 0 && pValue >= MAX_P) {
    doubts.push(
      `${before.lostInWindow} of ${before.inWindow} before against 0 of ${after.inWindow} after can be chance: Fisher's p ${readable(pValue)}, and proof takes less than ${MAX_P}.`,
    );
  }
  if (doubts.length > 0) return conclude("inconclusive", doubts);
  return conclude("reproduced", [
    `${lossesOf(before)} before, and 0 of ${after.inWindow} at the same gaps after (Fisher's exact test: p ${readable(pValue)}).`,
    ...beforeRun.reasons.slice(1),
  ]);
}

/** Signs that the run itself went wrong: each can hide a loss or look like one. */
function doubtsAbout({ attempts, missed, down, retried, errors }: Counts): string[] {
  const doubts: string[] = [];
  if (attempts === 0)
    doubts.push(`No request was sent: 0 attempts${missed > 0 ? `, ${missed} missed their moment` : ""}.`);
  if (down > 0)
    doubts.push(`${down} of ${attempts} attempts found the target down: a 502 from a dead target proves nothing.`);
  if (retried > 0) {
    doubts.push(`${retried} of ${attempts} attempts lost the client's connection and may have been repeated unseen.`);
  }
  if (errors > 0) doubts.push(`${errors} of ${attempts} attempts ended in an error other than the LB's 502.`);
  return doubts;
}

function aimDoubt({ attempts, inWindow, missed }: Counts, least: number): string | null {
  if (attempts === 0 || inWindow >= least) return null;
  const late = missed > 0 ? `; ${missed} more missed their moment` : "";
  return inWindow === 0
    ? `None of ${attempts} attempts was aimed inside a known window${late}.`
    : `Only ${inWindow} of ${attempts} attempts ${inWindow === 1 ? "was" : "were"} aimed inside the window, and a clean verdict takes ${least}${late}.`;
}

function lossesOf({ attempts, inWindow, lost, lostInWindow }: Counts): string {
  if (inWindow === 0) return `${lost} of ${attempts} requests were lost, none of them aimed inside a known window`;
  const outside = lost - lostInWindow;
  const elsewhere = outside > 0 ? ` and ${outside} of ${attempts - inWindow} outside it` : "";
  return `${lostInWindow} of ${inWindow} requests sent inside the window${elsewhere} were lost`;
}

function blunt({ inWindow, lostInWindow }: Counts): string[] {
  if (inWindow === 0) return ["Before: requests were lost, but 0 attempts were aimed inside a known window."];
  if (lostInWindow / inWindow >= MIN_REPRODUCED_RATE) return [];
  return [
    `Before: only ${lostInWindow} of ${inWindow} requests sent inside the window were lost, and a reproduction on demand takes at least ${MIN_REPRODUCED_RATE * 100} %.`,
  ];
}

function unequal(before: Counts, after: Counts): string[] {
  // How many of them met the window may differ by a few, as a busy moment makes a request late: Fisher's test allows for it.
  if (after.attempts >= before.attempts) return [];
  return [`The after-run is smaller than the before-run: ${after.attempts} attempts against ${before.attempts}.`];
}

function named(run: string, { reasons }: Pick<RunJudgement, "reasons">): string[] {
  return reasons.map((reason) => `${run}: ${reason}`);
}

function readable(pValue: number): string {
  if (pValue === 0) return "< 1e-300"; // underflow: below what a double can hold
  return `= ${pValue < 0.0001 ? pValue.toExponential(1) : pValue.toPrecision(2)}`;
}
