import { type Advice, advise } from "../../advice/advise.ts";
import type { Software } from "../../advice/recognise.ts";
import { remarksOn } from "../../advice/remarks.ts";
import { subjectOf } from "../../advice/subject.ts";
import { BROKEN } from "../../aim/close/attempt-of.ts";
import type { Volley } from "../../aim/volley.ts";
import { requestSettings } from "../../cli/app-request.ts";
import { startSettings } from "../../cli/start-options.ts";
import { duration } from "../../cli/values.ts";
import { disagreements, REPEATS_WITHIN_MS } from "../../evidence/agree.ts";
import { doubtsOfEvidence, explain } from "../../evidence/explain.ts";
import { againstLb } from "../../probe/against-lb.ts";
import { recogniseByCloses, withBusy, withLimit } from "../../probe/probe-target.ts";
import type { AgainstLb } from "../../record/against-lb.ts";
import type { Attempt } from "../../record/attempt.ts";
import type { Result, ResultControl, ResultRun } from "../../record/result.ts";
import { probePart } from "../../report/probe-part.ts";
import { runtimeVersions } from "../../stage/runtime.ts";
import { aimOf, countAttempts, lossRate } from "../../verdict/count.ts";
import { MIN_IN_WINDOW, type RunJudgement } from "../../verdict/judge.ts";
import { judgeCheck } from "../../verdict/judge-check.ts";
import { judgeControl } from "../../verdict/judge-control.ts";
import { MIN_ANSWERED } from "../../verdict/judge-probe.ts";
import type { Asked, Found } from "../result-command.ts";
import { softwareOf } from "../started-app.ts";
import { type CheckOptions, namedStatus } from "./options.ts";
import type { Standing } from "./passes-on.ts";
import { type CheckRun, usersOf } from "./run.ts";

/** What the options alone determine. A header's value, a body and a query may be secrets: names and paths only. */
export const checkAsked = (options: CheckOptions): Asked => ({
  command: "check",
  lb: { idleTimeoutMs: options.lbIdleMs, profile: options.profile.name, nodes: usersOf(options) },
  rttMs: options.rttMs,
  settings: {
    url: options.target.origin,
    profile: options.profile.name,
    "lb-idle": duration(options.lbIdleMs),
    rtt: duration(options.rttMs),
    ...requestSettings(options.request),
    "ok-status": [...options.okStatus],
    expect: options.expect,
    framework: options.framework?.id ?? null,
    thorough: options.thorough,
    aim: options.aim,
    connections: options.aim === "close" ? options.connections : null,
    "max-wait": duration(options.maxWaitMs),
    through: options.through?.origin ?? null,
    insecure: options.insecure,
    "k6-dashboard": options.k6Dashboard,
    ...startSettings(options.start),
  },
});

/** What a check saw, judged. */
export function checkFound(seen: CheckRun, options: CheckOptions): Found {
  const [volley] = seen.aimed.volleys as [Volley];
  const { probe } = volley;
  const attempts = options.through ? volley.attempts : volley.attempts.map(ofOurLb);
  const rttMs = seen.measuredRttMs ?? options.rttMs;
  const requests = withBusy(seen.requests, probe);
  const kind = withLimit(againstLb(probe, options.lbIdleMs, rttMs), requests);
  const { software, remarks } = softwareOf(recogniseByCloses(probe, kind), { ...seen, framework: options.framework });
  const counts = countAttempts(attempts);
  const [log] = seen.stageLogs;
  const evidence = log ? explain({ attempts, log, capture: seen.captured }) : null;
  const controlCounts = seen.control && countAttempts(seen.control.attempts);
  const control = controlCounts && { ...judgeControl(controlCounts), counts: controlCounts };
  const judged = judgeCheck(counts, {
    kind,
    goneEarly: goneEarly(attempts, options.lbIdleMs),
    probe,
    requests,
    lbIdleMs: options.lbIdleMs,
    named: namedStatus(options),
    answered: probe.connections + (seen.aim === "close" ? attempts.length : 0),
    expect: options.expect,
    doubts: [
      ...brokenAnswers(attempts),
      ...doubtsOf(seen, kind, options.lbIdleMs),
      ...(seen.standing ? [...untrusted(seen), ...cached(attempts, seen.standing)] : []),
    ],
    unexplained: evidence ? doubtsOfEvidence(evidence) : [],
    control,
    // Where each close is announced nothing is reused, so that no moment had to be met.
    leastAimed: leastAimed(seen, kind),
  });
  const { verdict } = judged;
  const run: ResultRun = {
    name: "check",
    ...judged.run,
    target: {
      description: subjectOf(software),
      keepAliveTimeoutMs: null,
      url: options.target.origin,
    },
    lbIdleTimeoutMs: options.lbIdleMs,
    ...counts,
    ...aimOf(attempts),
    lossRate: lossRate(counts),
    window: seen.aimed.windows.map(({ fromMs, toMs, kind, source }) => ({ fromMs, toMs, kind, source })),
    samples: attempts,
    evidence,
  };
  return {
    verdict,
    reasons: [
      ...judged.reasons,
      ...remarksOn(probe),
      ...remarks,
      ...keptFewer(volley, options),
      ...(seen.standing ? [...seen.standing.inBetween, THROUGH] : []),
    ],
    probe: probePart({ summary: probe, kind, software, requests }, options.lbIdleMs),
    measuredRttMs: seen.measuredRttMs,
    runs: [run],
    control: seen.control && control && controlPart(seen.control, control),
    advice: adviceFor(verdict, { software, kind, probe, options }),
    versions: runtimeVersions(seen.runtime),
    settings: { runtime: seen.runtime.name },
  };
}

const THROUGH =
  "Through a standing LB nobody sees which of its connections a request got, nor when the LB closes them, and there is no positive control, as nobody can put a target behind it that is known to lose: no loss here is weaker evidence than behind the simulator. It holds for the idle timeout that was given (--lb-idle), and if the LB sends to this very target.";

/** By the clock fewer are sure to meet their moment; where the close is heard, those that are watched tell as much. */
function leastAimed({ aim, aimed }: CheckRun, kind: AgainstLb): number {
  if (aim === "clock") return kind === "announces-close" ? MIN_ANSWERED : MIN_IN_WINDOW;
  const [{ out = [], probe }] = aimed.volleys as [Volley];
  // A target that keeps few connections keeps one that is watched, and the other four to aim at.
  return kind === "outlives" && out.length > 0 && probe.connections > 0 ? MIN_ANSWERED - 1 : MIN_ANSWERED;
}

/** Where a target kept fewer connections than were opened, the check went on with those. */
function keptFewer({ out = [] }: Volley, { connections }: CheckOptions): string[] {
  const [first] = out;
  if (!first) return [];
  const users = usersOf({ aim: "close", connections });
  return [`${users - out.length} of ${users} connections were kept and aimed at; of the others ${first.why}.`];
}

function controlPart({ attempts, name, probe }: Volley, { verdict, reasons }: RunJudgement): ResultControl {
  const counted = countAttempts(attempts);
  const { firstLostMs: _, answered: __, ...counts } = counted;
  const { heldMs } = aimOf(attempts);
  return {
    name,
    verdict,
    reasons,
    ...counts,
    heldMs,
    lossRate: lossRate(counted),
    idleCloseMs: probe.idleCloseMs,
  };
}

/** k6 and the LB have to agree on the same requests. */
function doubtsOf({ stageLogs: [log], aimed }: CheckRun, kind: AgainstLb, lbIdleMs: number): string[] {
  // A target that closes after each answer may lose any request, not only the aimed ones.
  if (kind === "closes-at-once" || !log) return [];
  return disagreements(aimed.volleys[0]!.attempts, log.requests, lbIdleMs);
}

/** No race, though the LB answers 502 to these as well: they would be lost on a new connection, too. */
function brokenAnswers(attempts: readonly Attempt[]): string[] {
  const broken = attempts.filter(({ door }) => door?.why === BROKEN).length;
  return broken === 0
    ? []
    : [
        `The LB made a 502 of ${broken} of ${attempts.length} requests since ${BROKEN}: no idle close, see the target's log.`,
      ];
}
/** Our LB names the connection of each answer of the target's: one without a name is its own, not an answer. */
const ofOurLb = (attempt: Attempt): Attempt =>
  attempt.outcome === "answered" ? { ...attempt, outcome: "error" } : attempt;
/** Go may not trust what Node does: it takes no name but those of the certificate's subjectAltName, and CAs of its own. */
function untrusted({ stage }: CheckRun): string[] {
  const words = stage.logs.k6.map((line) => /\bx509: [^"\\]+/.exec(line)?.[0]).find((found) => found !== undefined);
  if (words === undefined) return [];
  return [`k6 did not trust the LB's certificate (${words}): name its CA's file in SSL_CERT_FILE, or add --insecure.`];
}

/** What a cache in front of the target answers never reaches it. */
function cached(attempts: readonly Attempt[], { ownCache }: Standing): string[] {
  const headers = attempts.flatMap(({ cached }) => (cached === undefined || cached === ownCache ? [] : [cached]));
  if (headers.length === 0) return [];
  return [
    `${headers.length} of ${attempts.length} requests were answered by a cache, as ${[...new Set(headers)].join(", ")} said: they never reached the target. Give a --path that is not cached.`,
  ];
}

/** Requests that found their connection gone well before the LB's own idle timeout. */
const goneEarly = (attempts: readonly Attempt[], lbIdleMs: number): number =>
  attempts.filter(({ outcome, gapMs }) => outcome === "fresh" && gapMs < lbIdleMs - REPEATS_WITHIN_MS).length;

function adviceFor(
  verdict: Result["verdict"],
  seen: {
    software: Software | null;
    kind: AgainstLb;
    probe: Volley["probe"];
    options: CheckOptions;
  },
): Advice | null {
  if (verdict === "clean") return null;
  const { lbIdleMs, profile } = seen.options;
  const { idleCloseMs, minMs, claimedMs } = seen.probe;
  return advise({ software: seen.software, kind: seen.kind, idleCloseMs, minMs, claimedMs, lbIdleMs, profile });
}
