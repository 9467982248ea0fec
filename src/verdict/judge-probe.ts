import { remarksOn } from "../advice/remarks.ts";
import { subjectOf } from "../advice/subject.ts";
import type { TargetProbe } from "../probe/probe-target.ts";
import type { RequestLimit } from "../probe/request-limit.ts";
import type { ProbeSummary } from "../probe/summarise.ts";
import { measured, setting } from "../record/units.ts";
import { announcedWithError, answeredOtherwise } from "./answers.ts";
import { BLIND_SPOTS, connectionsWatched, limitSentence, lookedFor } from "./rests-on.ts";

export type ProbeVerdict = "vulnerable" | "safe" | "inconclusive";

/** What a probe alone shows. `reasons` are whole sentences, the weightiest first, never empty. */
export interface ProbeJudgement {
  verdict: ProbeVerdict;
  reasons: string[];
}

export interface JudgedLb {
  /** "AWS Application Load Balancer" */
  title: string;
  idleMs: number;
}

/** @param named the statuses, or classes of them, that the user says are good answers */
export function judgeProbe(probe: TargetProbe, lb: JudgedLb, named: readonly string[] = []): ProbeJudgement {
  const doubt = doubtAbout(probe, lb, named);
  const notes = notesOn(probe);
  if (doubt !== null) return { verdict: "inconclusive", reasons: [doubt, ...notes] };
  const verdict = VERDICTS[probe.kind];
  const limit = probe.kind === "closes-after-requests" ? null : unannouncedLimit(probe, lb);
  // Where each close is announced nothing is reused, and no limit is met.
  const second = limit !== null && verdict === "vulnerable" ? [limit] : [];
  const rest = verdict === "safe" ? [restsOn(probe), BLIND_SPOTS] : [];
  return { verdict, reasons: [sentenceOn(probe, lb), ...second, ...notes, ...rest] };
}

const VERDICTS = {
  vulnerable: "vulnerable",
  tie: "vulnerable",
  "closes-at-once": "vulnerable",
  "closes-some": "vulnerable",
  "closes-by-age": "vulnerable",
  "closes-after-requests": "vulnerable",
  outlives: "safe",
  "announces-close": "safe",
  restarted: "inconclusive",
  unknown: "inconclusive",
} as const satisfies Record<TargetProbe["kind"], ProbeVerdict>;

/** By how much the target closes before the LB, ms; null where it does not, or it is not known. */
function vulnerableByMs({ kind, summary }: Pick<TargetProbe, "kind" | "summary">, lbIdleMs: number) {
  const closeMs = summary.idleCloseMs ?? summary.minMs;
  return kind === "vulnerable" && closeMs !== null ? Math.round((lbIdleMs - closeMs) / 100) * 100 : null;
}

function doubtAbout(probe: TargetProbe, { idleMs }: JudgedLb, named: readonly string[]): string | null {
  const { kind, summary, alive, first } = probe;
  if (!alive) {
    return "The target answered at first and no longer does, or with a 5xx: it may have closed its connections because it was stopping. See its log, and probe again.";
  }
  if (summary.connections === 0) {
    return "The target answered the first request and then none on the probe's connections: see its log.";
  }
  if (kind === "restarted") return restarted(summary);
  if (["outlives", "announces-close"].includes(kind) && summary.connections < MIN_ANSWERED) {
    return `Only ${summary.connections} of the probe's connections were answered, too few to say that of all: see the target's log.`;
  }
  if (kind === "unknown") {
    return `The wait ended after ${measured(summary.watchedMs)} with the connections still open, and the LB keeps them ${setting(idleMs)}: to see what comes some seconds after that, give a longer --max-wait.`;
  }
  if (kind === "announces-close") return announcedWithError(summary.status ?? first.status, named);
  return kind === "outlives" ? claimDoubt(summary, idleMs) : null;
}

/** Of ten: the others failed, and each of them may be a request that an LB would have lost. */
export const MIN_ANSWERED = 5;

/** Closes of one moment are no idle closes, whatever their idle times. */
export function restarted({ closed, minMs, maxMs }: ProbeSummary): string {
  const [least, most] = [measured(minMs ?? 0), measured(maxMs ?? 0)];
  const what =
    closed === 1
      ? `The only connection that was open was closed ${least} after its use, and later ones were kept`
      : `${closed} connections were closed in one instant, though they had been idle for ${least} to ${most}`;
  return `${what}: a restart or reload of the target, not its idle timeout. Probe again while nothing restarts it.`;
}

/**
 * A target that says it closes before the LB does, and was not seen to: its header is wrong, or it looks at its
 * connections too rarely for this probe. Where its closes were seen they tell more than its header.
 */
export function claimDoubt({ claimedMs, minMs, watchedMs }: ProbeSummary, lbIdleMs: number): string | null {
  if (claimedMs === null || minMs !== null || claimedMs + CLAIM_SLACK_MS > lbIdleMs) return null;
  return `Its Keep-Alive header says ${setting(claimedMs)}, yet its connections were open after ${measured(watchedMs)}: one of the two is wrong. It may close what is due only now and then, or a proxy passes on the header of an app behind it; give a --max-wait beyond its close, or make header and timeout agree.`;
}

/** Node closes a second later than it says (nodejs/node#54863). */
const CLAIM_SLACK_MS = 1000;

function sentenceOn(probe: TargetProbe, lb: JudgedLb): string {
  const { kind, summary, first } = probe;
  const who = subjectOf(probe.software);
  const lbName = withArticle(lb.title);
  const keeps = `${lbName} keeps them ${setting(lb.idleMs)}`;
  switch (kind) {
    case "vulnerable":
      return `${who} ${closesOf(summary)}; ${keeps}: it can lose requests (vulnerable by ${setting(vulnerableByMs(probe, lb.idleMs) ?? 0)}).`;
    case "tie":
      return `${who} ${closesOf(summary)}; ${keeps}: a tie, either may close first, so it can lose requests.${coarseClock(summary)}`;
    case "closes-at-once":
      return `${who} closes each connection right after its answer and does not announce it (no Connection: close); ${lbName} may send the next request on it: it can lose any.`;
    case "closes-some":
      return `${who} ${closesSome(summary)}; ${keeps}: each such close can lose a request. Something ends connections that is no idle timeout: a limit on how many are kept, a worker that is replaced, or chance.`;
    case "closes-by-age":
      return `${who} closes each connection ${measured(ageMs(summary))} after it was opened, however recently it was used; ${lbName} can lose the request that comes then, and no idle timeout helps. Have it announce the end (Connection: close), or lift the limit.`;
    case "closes-after-requests":
      return afterRequests(probe.requests.limit!, who, lbName);
    case "outlives":
      return `${who} ${closesOf(summary)}; ${keeps} and closes first: it loses none to the target's idle close.`;
    case "announces-close":
      return `${who} announces that it closes each connection (${announcement(first)}): ${lbName} reuses none, so it loses none to an idle close.`;
    case "restarted":
    case "unknown":
      return `When ${who} closes idle connections is not known.`;
  }
}

function announcement({ httpVersion }: TargetProbe["first"]): string {
  return httpVersion === "1.0" ? "HTTP/1.0 without keep-alive" : "Connection: close";
}

function closesOf(summary: ProbeSummary): string {
  const { idleCloseMs, closed, connections, minMs, maxMs, spreadMs, claimedMs, watchedMs } = summary;
  const claim = claimedMs === null ? "" : ` (its Keep-Alive header says ${claimedMs / 1000} s)`;
  if (minMs === null || maxMs === null) return `keeps idle connections longer than ${measured(watchedMs)}${claim}`;
  const range = spreadMs! > WIDE_MS ? `${measured(minMs)} to ${measured(maxMs)}` : measured(idleCloseMs ?? minMs);
  if (idleCloseMs === null) return `closed ${closed} of ${connections} idle connections after ${range}${claim}`;
  return `closes idle connections after ${range}${claim}`;
}

/** Beyond jitter, so the server's clock is coarse (lighttpd 1 s, Bun 4 s), and a single number would mislead. */
const WIDE_MS = 100;

function coarseClock({ closesBy, stepMs }: ProbeSummary): string {
  if (closesBy !== "ticks") return "";
  return ` It looks only now and then which are due, ${setting(Math.round(stepMs / 100) * 100)} apart as far as was seen, so that the next close may come as much earlier.`;
}

function closesSome({ closed, connections, minMs, maxMs }: ProbeSummary): string {
  const when = maxMs! - minMs! <= WIDE_MS ? measured(minMs!) : `${measured(minMs!)} to ${measured(maxMs!)}`;
  return closed < connections
    ? `closed ${closed} of ${connections} idle connections after ${when} and kept the others`
    : `closed its idle connections at no fixed time, after ${when}`;
}

/** Those that were not used again are as old as they were idle. */
const ageMs = ({ maxMs }: ProbeSummary): number => maxMs ?? 0;

function unannouncedLimit(probe: TargetProbe, { title }: JudgedLb): string | null {
  const { limit } = probe.requests;
  if (limit === null || limit.announced) return null;
  return afterRequests(limit, subjectOf(probe.software), withArticle(title));
}

export function afterRequests({ requests, atMost, once }: RequestLimit, who: string, lbName: string): string {
  if (once) {
    return `${who} ended a connection that was in use, after ${requests} requests, and did not announce it, while those that were idle stayed open: ${lbName} can lose the request that comes next. Lift the limit on a connection's requests, or announce it with Connection: close.`;
  }
  const many = atMost === undefined ? `${requests}` : `about ${requests} to ${atMost}`;
  return `${who} ends each connection after ${many} requests and does not announce it: ${lbName} can lose the request that comes next. Lift the limit, or announce it with Connection: close.`;
}

function notesOn({ requests, neverUsed, first, kind, summary }: TargetProbe): string[] {
  const notes: string[] = [];
  if (requests.limit?.announced) {
    notes.push(`It ends each connection after ${requests.limit.requests} requests and announces it: no race.`);
  }
  // What ended the others, whatever they were doing, ended these.
  const isIdleClose = !["restarted", "closes-by-age", "closes-some"].includes(kind);
  if (neverUsed?.idleCloseMs != null && isIdleClose) {
    const by = neverUsed.status === null ? "" : ` with a ${neverUsed.status}`;
    notes.push(
      `It closes never-used connections${by} after ${measured(neverUsed.idleCloseMs)}: a race for an LB that opens some ahead, as Classic ones do.`,
    );
  }
  notes.push(...remarksOn(first));
  const status = summary.status ?? first.status;
  const other = answeredOtherwise(status);
  // With an announced close the verdict itself says so.
  if (other !== null && !(kind === "announces-close" && status >= 400)) notes.push(other);
  const limit = kind === "announces-close" ? null : limitSentence(requests);
  if (limit !== null) notes.push(limit);
  return notes;
}

function restsOn({ summary, requests, kind }: TargetProbe): string {
  const busy = summary.busy === null || summary.busy.closed ? "" : "; another, in use all the time, stayed open";
  const limit = kind === "announces-close" ? "" : `; ${lookedFor(requests)}`;
  return `It rests on ${connectionsWatched(summary)}${busy}${limit}.`;
}

/** "an AWS Application Load Balancer", but "nginx", "Envoy". */
function withArticle(title: string): string {
  if (!title.includes("Load Balancer")) return title;
  return `${/^[AEIOU]/.test(title) ? "an" : "a"} ${title}`;
}
