import { remarksOn } from "../advice/remarks.ts";
import { subjectOf } from "../advice/subject.ts";
import type { TargetProbe } from "../probe/probe-target.ts";
import type { ProbeSummary } from "../probe/summarise.ts";
import { measured, setting } from "../record/units.ts";

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

export function judgeProbe(probe: TargetProbe, lb: JudgedLb): ProbeJudgement {
  const doubt = doubtAbout(probe, lb);
  const notes = notesOn(probe);
  if (doubt !== null) return { verdict: "inconclusive", reasons: [doubt, ...notes] };
  const main = { verdict: VERDICTS[probe.kind], reason: sentenceOn(probe, lb) };
  const limit = unannouncedLimit(probe, lb);
  if (limit === null) return { verdict: main.verdict, reasons: [main.reason, ...notes] };
  const reasons = main.verdict === "vulnerable" ? [main.reason, limit] : [limit, main.reason];
  return { verdict: "vulnerable", reasons: [...reasons, ...notes] };
}

const VERDICTS = {
  vulnerable: "vulnerable",
  tie: "vulnerable",
  "closes-at-once": "vulnerable",
  outlives: "safe",
  "announces-close": "safe",
  unknown: "inconclusive",
} as const satisfies Record<TargetProbe["kind"], ProbeVerdict>;

/** By how much the target closes before the LB, ms; null where it does not, or it is not known. */
function vulnerableByMs({ kind, summary }: Pick<TargetProbe, "kind" | "summary">, lbIdleMs: number) {
  const closeMs = summary.idleCloseMs ?? summary.minMs;
  return kind === "vulnerable" && closeMs !== null ? Math.round((lbIdleMs - closeMs) / 100) * 100 : null;
}

function doubtAbout(probe: TargetProbe, { idleMs }: JudgedLb): string | null {
  const { kind, summary, alive, first } = probe;
  if (!alive) {
    return "The target answered at first and no longer does: it may have closed its connections because it was stopping. See its log, and probe again.";
  }
  if (summary.connections === 0) {
    return "The target answered the first request and then none on the probe's connections: see its log.";
  }
  if (kind === "outlives" && summary.connections < MIN_ANSWERED) {
    return `Only ${summary.connections} of the probe's connections were answered, too few to say that none is closed: see the target's log.`;
  }
  if (kind === "unknown") {
    return `The wait ended after ${measured(summary.watchedMs)} with the connections still open, and the LB keeps them ${setting(idleMs)}: give a longer --max-wait.`;
  }
  if (kind === "announces-close" && closesOnError(first.status)) {
    return `It answered ${first.status} and announced the close: many servers do so after an error only. Give a --path that it answers well.`;
  }
  return null;
}

/** Of ten: the others failed, and each of them may be a request that an LB would have lost. */
export const MIN_ANSWERED = 5;

/** Statuses after which Tomcat, for one, always closes (Http11Processor.statusDropsConnection), and nginx after some. */
export const closesOnError = (status: number): boolean => status >= 500 || [400, 408, 411, 413, 414].includes(status);

function sentenceOn(probe: TargetProbe, lb: JudgedLb): string {
  const { kind, summary, first } = probe;
  const who = subjectOf(probe.software);
  const lbName = withArticle(lb.title);
  const keeps = `${lbName} keeps them ${setting(lb.idleMs)}`;
  switch (kind) {
    case "vulnerable":
      return `${who} ${closesOf(summary)}; ${keeps}: it can lose requests (vulnerable by ${setting(vulnerableByMs(probe, lb.idleMs) ?? 0)}).`;
    case "tie":
      return `${who} ${closesOf(summary)}; ${keeps}: a tie, either may close first, so it can lose requests.`;
    case "closes-at-once":
      return `${who} closes each connection right after its answer and does not announce it (no Connection: close); ${lbName} may send the next request on it: it can lose any.`;
    case "outlives":
      return `${who} ${closesOf(summary)}; ${keeps} and closes first: it loses none to the target's idle close.`;
    case "announces-close":
      return `${who} announces that it closes each connection (${announcement(first)}): ${lbName} reuses none, so it loses none to an idle close.`;
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

function unannouncedLimit(probe: TargetProbe, { title }: JudgedLb): string | null {
  const { requestLimit: limit } = probe;
  if (limit === null || limit.announced) return null;
  return `${subjectOf(probe.software)} ends each connection after ${limit.requests} requests and does not announce it: ${withArticle(title)} can lose the request that comes next. Lift the limit, or announce it with Connection: close.`;
}

function notesOn({ requestLimit, neverUsed, first }: TargetProbe): string[] {
  const notes: string[] = [];
  if (requestLimit?.announced) {
    notes.push(`It ends each connection after ${requestLimit.requests} requests and announces it: no race.`);
  }
  if (neverUsed?.idleCloseMs != null) {
    const by = neverUsed.status === null ? "" : ` with a ${neverUsed.status}`;
    notes.push(
      `It closes never-used connections${by} after ${measured(neverUsed.idleCloseMs)}: a race for an LB that opens some ahead, as Classic ones do.`,
    );
  }
  notes.push(...remarksOn(first));
  if (first.status >= 400) notes.push(`It answered the probe with ${first.status}.`);
  return notes;
}

/** "an AWS Application Load Balancer", but "nginx", "Envoy". */
function withArticle(title: string): string {
  if (!title.includes("Load Balancer")) return title;
  return `${/^[AEIOU]/.test(title) ? "an" : "a"} ${title}`;
}
