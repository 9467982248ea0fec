import type { AgainstLb } from "../record/against-lb.ts";
import type { Counts } from "./count.ts";
import { judgeRun, type RunJudgement } from "./judge.ts";
import { closesOnError, MIN_ANSWERED } from "./judge-probe.ts";

export type CheckVerdict = "lost" | "clean" | "vulnerable" | "inconclusive";

/** What a check of one target shows, and why: whole sentences, the weightiest first, never empty. */
export interface CheckJudgement {
  verdict: CheckVerdict;
  reasons: string[];
  run: RunJudgement;
}

/** What else is known of the target and its traffic. */
export interface CheckFacts {
  /** The target's idle close against the LB's idle timeout, as the probe saw it. */
  kind: AgainstLb;
  /** Requests that found their connection gone before the LB's own idle timeout. */
  goneEarly: number;
  /** What the target answered the probe with, and how many of its connections; null = none was answered. */
  status: number | null;
  answered: number;
  expect: "clean" | "lost";
  /** What else speaks against the run, as whole sentences: for one, that k6 and the LB's log disagree. */
  doubts: readonly string[];
  /** What the evidence cannot explain about the losses, as whole sentences: such a loss may not be the race. */
  unexplained: readonly string[];
  /** The verdict on the same set-up in front of a target that is known to lose; null where there was no such control. */
  control: RunJudgement | null;
  /** How many aimed attempts a clean verdict takes. */
  leastAimed: number;
}

/**
 * Compares the traffic with what the probe saw: either alone can be wrong, so clean takes both.
 * - lost: a request was lost in front of a living target, whatever the probe said.
 * - vulnerable: the probe shows a race that this traffic did not meet, since the simulated LB hides it or is too fast.
 * - inconclusive: a loss is unexplained and may not be the race, the two contradict each other (the aim missed), or one
 *   of them saw too little.
 */
export function judgeCheck(counts: Counts, facts: CheckFacts): CheckJudgement {
  const { kind, expect } = facts;
  if (kind === "closes-at-once") return judgeAtOnce(counts, facts);
  const run = judgeRun(counts, { expect, least: facts.leastAimed });
  if (facts.unexplained.length > 0) {
    const reasons = [...facts.unexplained, ...run.reasons, ...facts.doubts];
    return { verdict: "inconclusive", reasons, run: { expect, verdict: "inconclusive", reasons } };
  }
  if (run.verdict === "lost") return { verdict: "lost", reasons: [...run.reasons, ...facts.doubts], run };
  if (kind === "tie") return { verdict: "vulnerable", reasons: [TIE, ...run.reasons, ...facts.doubts], run };
  const contradiction = contradictionBetween(counts, facts);
  const doubts = [
    ...facts.doubts,
    ...(run.verdict === "inconclusive" ? run.reasons : []),
    ...(contradiction ? [contradiction] : []),
    ...controlDoubt(facts.control),
  ];
  if (doubts.length > 0) {
    return { verdict: "inconclusive", reasons: doubts, run: { expect, verdict: "inconclusive", reasons: doubts } };
  }
  return { verdict: "clean", reasons: kind === "announces-close" ? [...run.reasons, ANNOUNCED] : run.reasons, run };
}

/** Where the same set-up loses nothing in front of a target that must lose, losing nothing here proves nothing. */
function controlDoubt(control: RunJudgement | null): string[] {
  if (control === null || control.verdict === "lost") return [];
  return [`The control, a target that is known to lose, lost too little: ${control.reasons[0]}`];
}

const TIE =
  "The target closes idle connections in the same instant as the LB does: either may be first, and sometimes it is the target.";

const ANNOUNCED =
  "The target announces the close of each connection (Connection: close), so the LB reuses none: no race, at the price of a new connection for each request.";

const AT_ONCE =
  "The target closes each connection right after its answer without announcing it: a request that the LB is about to send meets that close.";

/** The follow-up, which asks whether the target is still there, is lost as easily as the aimed request: it tells nothing. */
function judgeAtOnce(
  { lost, down, fresh, attempts }: Counts,
  { expect, doubts }: Pick<CheckFacts, "expect" | "doubts">,
): CheckJudgement {
  const bad = lost + down;
  const reasons = [...(bad > 0 ? [`${bad} of ${attempts} requests were lost.`] : []), AT_ONCE, ...doubts];
  // A lost request's follow-up was answered, and so were the fresh ones: the target is there.
  if (lost > 0 || (bad > 0 && fresh > 0))
    return { verdict: "lost", reasons, run: { expect, verdict: "lost", reasons } };
  const nothingMet = [AT_ONCE, ...doubts];
  return { verdict: "vulnerable", reasons: nothingMet, run: { expect, verdict: "inconclusive", reasons: nothingMet } };
}

function contradictionBetween(
  { own, lost, attempts }: Counts,
  { kind, goneEarly, status, answered }: CheckFacts,
): string | null {
  switch (kind) {
    case "vulnerable":
      // Something was lost, though at a target that was down to others: that doubt says all.
      if (lost > 0) return null;
      return "The probe saw the target close before the LB does, yet no request was lost: the aim missed the instant, which proves nothing.";
    case "outlives":
      if (answered < MIN_ANSWERED)
        return `Only ${answered} of the probe's connections were answered: see the target's log.`;
      return goneEarly === 0
        ? null
        : `The probe saw the target outlive the LB, yet ${goneEarly} of ${attempts} requests found their connection gone before the LB's idle timeout.`;
    case "announces-close":
      if (status !== null && closesOnError(status)) {
        return `It answered ${status} and announced the close: many servers do so after an error only. Give a --path that it answers well.`;
      }
      return own === 0
        ? null
        : `The target announces its closes, yet ${own} of ${attempts} requests were answered on a reused connection.`;
    default:
      return "The probe could not tell when the target closes idle connections.";
  }
}
