import type { Counts } from "./count.ts";
import { judgeRun, type RunJudgement } from "./judge.ts";

/**
 * Judges the positive control: traffic at a target that is known to lose. It holds where enough of its requests met the
 * close, and those were lost; a set-up that loses one of ten would call many an unfixed target clean.
 */
export function judgeControl(counts: Counts): RunJudgement {
  const run = judgeRun(counts, { expect: "lost", least: MIN_MET });
  if (run.verdict !== "lost") return run;
  const { inWindow, lostInWindow } = counts;
  if (inWindow >= MIN_MET && lostInWindow >= MIN_LOST_RATE * inWindow) return run;
  const reasons = [
    `${lostInWindow} of ${inWindow} requests that met its close were lost, and a control takes ${MIN_LOST_RATE * 100} % of at least ${MIN_MET}.`,
  ];
  return { expect: "lost", verdict: "inconclusive", reasons };
}

/** As many as a clean check takes at the close itself. */
const MIN_MET = 5;

/** Measured: all of them, also on a busy machine. */
const MIN_LOST_RATE = 0.9;
