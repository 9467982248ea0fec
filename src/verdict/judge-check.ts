import type { LimitSearch } from "../probe/request-limit.ts";
import type { ProbeSummary } from "../probe/summarise.ts";
import type { AgainstLb } from "../record/against-lb.ts";
import { measured } from "../record/units.ts";
import { announcedWithError, answeredOtherwise } from "./answers.ts";
import type { Counts } from "./count.ts";
import { judgeRun, type RunJudgement } from "./judge.ts";
import { afterRequests, claimDoubt, MIN_ANSWERED, restarted } from "./judge-probe.ts";
import { BLIND_SPOTS, connectionsWatched, limitSentence, lookedFor } from "./rests-on.ts";

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
  probe: ProbeSummary;
  /** How many of the target's connections were answered. */
  answered: number;
  requests: LimitSearch;
  lbIdleMs: number;
  /** The statuses, or classes of them, that the user says are good answers. */
  named: readonly string[];
  expect: "clean" | "lost";
  /** What else speaks against the run, as whole sentences: for one, that k6 and the LB's log disagree. */
  doubts: readonly string[];
  /** What the evidence cannot explain about the losses, as whole sentences: such a loss may not be the race. */
  unexplained: readonly string[];
  /** The verdict on the same set-up in front of a target that is known to lose; null where there was no such control. */
  control: ControlJudgement | null;
  /** How many aimed attempts a clean verdict takes. */
  leastAimed: number;
}

/** The control's judgement, and what it comes to. */
export interface ControlJudgement extends RunJudgement {
  counts: Pick<Counts, "inWindow" | "lostInWindow">;
}

/**
 * Compares the traffic with what the probe saw: either alone can be wrong, so clean takes both.
 * - lost: a request was lost in front of a living target, whatever the probe said.
 * - vulnerable: the probe shows a race that this traffic did not meet, since the simulated LB hides it or is too fast.
 * - inconclusive: a loss is unexplained and may not be the race, the closes are a restart's, the two contradict each other
 *   (the aim missed), or one of them saw too little.
 */
export function judgeCheck(counts: Counts, facts: CheckFacts): CheckJudgement {
  const { kind, expect, probe } = facts;
  if (kind === "closes-at-once") return judgeAtOnce(counts, facts);
  const run = judgeRun(counts, { expect, least: facts.leastAimed });
  const notes = notesOn(facts);
  const inconclusive = (reasons: string[]): CheckJudgement => ({
    ...{ verdict: "inconclusive", reasons: [...reasons, ...notes] },
    run: { expect, verdict: "inconclusive", reasons },
  });
  if (kind === "restarted") {
    return inconclusive([counts.down > 0 ? DIED : restarted(probe), ...run.reasons, ...facts.doubts]);
  }
  if (facts.unexplained.length > 0) return inconclusive([...facts.unexplained, ...run.reasons, ...facts.doubts]);
  if (run.verdict === "lost") return { verdict: "lost", reasons: [...run.reasons, ...facts.doubts, ...notes], run };
  const race = raceNotMet(facts);
  if (race !== null) return { verdict: "vulnerable", reasons: [race, ...run.reasons, ...facts.doubts, ...notes], run };
  const contradiction = contradictionBetween(counts, facts);
  const doubts = [
    ...facts.doubts,
    ...(run.verdict === "inconclusive" ? run.reasons : []),
    ...(contradiction ? [contradiction] : []),
    ...controlDoubt(facts.control),
  ];
  if (doubts.length > 0) return inconclusive(doubts);
  const announced = kind === "announces-close" ? [ANNOUNCED] : [];
  return { verdict: "clean", reasons: [...run.reasons, ...announced, restsOn(facts), ...notes, BLIND_SPOTS], run };
}

const DIED =
  "The target went away in the middle of the run: all its connections were closed in one instant, and nobody answered any more. See its log, and check again.";

/** What the closes show, though no request met it: as one sentence; null where they show no race. */
function raceNotMet({ kind, probe, requests }: CheckFacts): string | null {
  switch (kind) {
    case "tie":
      return `${TIE}${probe.minMs === null ? "" : ` ${closesOf(probe)}`}`;
    case "closes-some":
      return `The target closed ${probe.closed} of ${probe.connections} idle connections before the LB does, the first after ${measured(probe.minMs ?? 0)}, and not by an idle timeout: each such close can lose a request.`;
    case "closes-by-age":
      return `The target closes each connection ${measured(probe.maxMs ?? 0)} after it was opened, however recently it was used: the LB can lose the request that comes then, and no idle timeout helps.`;
    case "closes-after-requests":
      return `${afterRequests(requests.limit!, "The target", "the LB")} No aimed request meets that.`;
    default:
      return null;
  }
}

const TIE =
  "The target closes idle connections in the same instant as the LB does: either may be first, and sometimes it is the target.";

function closesOf({ minMs, maxMs, closed, connections, closesBy, stepMs }: ProbeSummary): string {
  const range = `${closed} of ${connections} watched connections were closed after ${measured(minMs!)} to ${measured(maxMs!)}`;
  if (closesBy !== "ticks") return `${range}.`;
  return `${range}, at few moments only: its clock looks about every ${Math.round(stepMs / 1000)} s, so that the next close may come as much earlier.`;
}

function notesOn({ kind, probe, requests }: CheckFacts): string[] {
  // An announced close with an error is a doubt, which says so itself.
  const isDoubt = kind === "announces-close" && (probe.status ?? 0) >= 400;
  const limit = kind === "announces-close" || requests.limit !== null ? null : limitSentence(requests);
  return [isDoubt ? null : answeredOtherwise(probe.status), limit].filter((note) => note !== null);
}

function restsOn({ kind, probe, requests, control }: CheckFacts): string {
  const lost = control === null ? "; there was no control" : `; the control ${controlCount(control)}`;
  const limit = kind === "announces-close" ? "" : `; ${lookedFor(requests)}`;
  return `It rests on ${connectionsWatched(probe)}${limit}${lost}.`;
}

const controlCount = ({ counts }: ControlJudgement): string =>
  `lost ${counts.lostInWindow} of the ${counts.inWindow} requests that met its close`;

/** Where the same set-up loses nothing in front of a target that must lose, losing nothing here proves nothing. */
function controlDoubt(control: ControlJudgement | null): string[] {
  if (control === null || control.verdict === "lost") return [];
  return [`The control, a target that is known to lose, lost too little: ${control.reasons[0]}`];
}

const ANNOUNCED =
  "The target announces the close of each connection (Connection: close), so the LB reuses none: no race, at the price of a new connection for each request.";

const AT_ONCE =
  "The target closes each connection right after its answer without announcing it: a request that the LB is about to send meets that close.";

const NOBODY_ANSWERED =
  "The target closed each connection right after its answer, and then nobody answered any more: it may have gone away in the middle of the run. See its log, and check again.";

/** The follow-up, which asks whether the target is still there, is lost as easily as the aimed request: it tells nothing. */
function judgeAtOnce(
  { lost, down, fresh, own, attempts }: Counts,
  { expect, doubts }: Pick<CheckFacts, "expect" | "doubts">,
): CheckJudgement {
  const bad = lost + down;
  const reasons = [...(bad > 0 ? [`${bad} of ${attempts} requests were lost.`] : []), AT_ONCE, ...doubts];
  // A lost request's follow-up was answered, and so were the fresh ones: the target is there.
  if (lost > 0 || (bad > 0 && fresh > 0))
    return { verdict: "lost", reasons, run: { expect, verdict: "lost", reasons } };
  // One that has died closes all its connections at once as well.
  if (down > 0 && own === 0) {
    const gone = [NOBODY_ANSWERED, ...doubts];
    return { verdict: "inconclusive", reasons: gone, run: { expect, verdict: "inconclusive", reasons: gone } };
  }
  const nothingMet = [AT_ONCE, ...doubts];
  return { verdict: "vulnerable", reasons: nothingMet, run: { expect, verdict: "inconclusive", reasons: nothingMet } };
}

function contradictionBetween(
  { own, lost, attempts }: Counts,
  { kind, goneEarly, probe, answered, named, lbIdleMs }: CheckFacts,
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
        ? claimDoubt(probe, lbIdleMs)
        : `The probe saw the target outlive the LB, yet ${goneEarly} of ${attempts} requests found their connection gone before the LB's idle timeout.`;
    case "announces-close":
      return (
        announcedWithError(probe.status, named) ??
        (own === 0
          ? null
          : `The target announces its closes, yet ${own} of ${attempts} requests were answered on a reused connection.`)
      );
    default:
      return "The probe could not tell when the target closes idle connections.";
  }
}
