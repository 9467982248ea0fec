import type { Result, ResultControl, ResultRun } from "../record/result.ts";
import { measured, setting } from "../record/units.ts";

/**
 * The sentence a person needs: "Node closes idle connections at 6.00 s, the LB keeps them 60 s: 37 of 40 requests sent
 * in that instant were lost; with keepAliveTimeout 65 s, 0 of 40." One line, whatever the verdict.
 */
export const sentenceOf = (result: Result): string =>
  result.verdict === "inconclusive" ? `Inconclusive. ${capitalised(findingOf(result))}` : findingOf(result);

/** The sentence alone, for a place that shows the verdict already. */
export function findingOf(result: Result): string {
  const [reason] = result.reasons;
  const before = result.runs.find(({ name }) => name === "before") ?? result.runs[0];
  const after = result.runs.find(({ name }) => name === "after");
  if (!before) return reason!;
  const head = cause(result, before);
  switch (result.verdict) {
    case "vulnerable": // a probe's first reason is such a sentence
    case "safe":
    case "inconclusive":
      return reason!;
    case "reproduced":
      return `${head}: ${losses(before)} were lost; with ${fixOf(before, after)}, ${after?.lostInWindow} of ${after?.inWindow}.`;
    case "fix-failed":
      return `${head}: ${losses(before)} were lost; with ${fixOf(before, after)}, still ${after?.lost} of ${after?.attempts}: this fix does not hold.`;
    case "not-reproduced":
      return `${head}, yet ${losses(before)} were lost: the 502 was not reproduced.`;
    case "lost":
      return `${head}: ${losses(before)} were lost.`;
    case "clean":
      // "In that instant" would be wrong here: the LB keeps no connection that long.
      return `${cleanCause(result, before) ?? head}: ${cleanCount(result, before)}.`;
  }
}

/** Why nothing can be lost, where the probe knows. */
function cleanCause({ probe }: Result, { target, lbIdleTimeoutMs }: ResultRun): string | null {
  if (probe.kind === "outlives") {
    return `${target.description} keeps idle connections longer than the LB's ${setting(lbIdleTimeoutMs)}`;
  }
  if (probe.kind === "announces-close") return `${target.description} announces each close, so the LB reuses nothing`;
  return null;
}

/** What a clean verdict rests on. */
function cleanCount(result: Result, run: ResultRun): string {
  const { probe } = result;
  const { inWindow, lostInWindow, window } = run;
  const control = comparableControl(result, run);
  const sent = window.every(({ kind }) => kind === "last-reuse") ? "requests at the LB's last reuse" : "aimed requests";
  const lost = `${lostInWindow} of ${inWindow} ${sent} were lost`;
  const watched = probe.kind === "announces-close" ? [] : [`${watchedOf(probe)}`];
  return [lost, ...watched, ...(control === null ? [] : [controlLosses(control, "target")])].join("; ");
}

function watchedOf({ connections, watchedMs, minMs, outcome }: Result["probe"]): string {
  const many = `${connections} ${connections === 1 ? "connection" : "connections"}`;
  if (watchedMs === undefined) return `${many} watched: ${outcome}`;
  const first = minMs === null ? "none closed" : `the first closed after ${measured(minMs)}`;
  return `${many} watched for ${measured(watchedMs)}, ${first}`;
}

/** The control, if the check was aimed as it was: at closes that are heard. A check by the clock is aimed differently. */
export const comparableControl = ({ control }: Result, { aim }: ResultRun): ResultControl | null =>
  aim === "close" ? (control ?? null) : null;

/** @param target what the reader calls the target */
export function controlLosses(control: ResultControl, target: string): string {
  const { idleCloseMs, inWindow, lostInWindow } = control;
  const after = idleCloseMs === null ? "first" : `after ${setting(Math.round(idleCloseMs / 100) * 100)}`;
  return `the control, the same set-up in front of a ${target} that closes ${after}, lost ${lostInWindow} of ${inWindow}`;
}

function cause({ probe }: Result, { target, lbIdleTimeoutMs }: ResultRun): string {
  const lb = setting(lbIdleTimeoutMs);
  if (probe.idleCloseMs === null) {
    return `No idle close of ${target.description} was measured (${probe.outcome}), the LB keeps connections ${lb}`;
  }
  return `${target.description} closes idle connections at ${measured(probe.idleCloseMs)}, the LB keeps them ${lb}`;
}

/** Counts the aimed requests; where none was aimed, whatever was sent. */
export function losses({ attempts, inWindow, lost, lostInWindow }: ResultRun): string {
  return inWindow === 0
    ? `${lost} of ${attempts} requests`
    : `${lostInWindow} of ${inWindow} requests sent in that instant`;
}

function fixOf(before: ResultRun, after: ResultRun | undefined): string {
  if (!after) return "the fix";
  const timeoutMs = after.target.keepAliveTimeoutMs;
  if (timeoutMs !== null && timeoutMs !== before.target.keepAliveTimeoutMs)
    return `keepAliveTimeout ${setting(timeoutMs)}`;
  if (after.lbIdleTimeoutMs !== before.lbIdleTimeoutMs) {
    const moved = after.lbIdleTimeoutMs < before.lbIdleTimeoutMs ? "lowered" : "raised";
    return `the LB's idle timeout ${moved} to ${setting(after.lbIdleTimeoutMs)}`;
  }
  return after.target.description;
}

/** As the beginning of a sentence: "The target ...". k6 is written small there, too. */
export const capitalised = (text: string): string =>
  /^k6\b/.test(text) ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
