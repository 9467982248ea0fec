import { INDEX } from "../alb-log/fields.ts";
import { rawField, type Split } from "../alb-log/split.ts";

/**
 * Why a request was answered with 5xx.
 * - `race`: the target closed the idle connection as the request arrived.
 * - `closed`: the target closed the connection while it worked on the request.
 * - `connect`: no connection to the target could be made: refused, or given up after 10 s.
 * - `timeout`: the target was silent for as long as the LB waits.
 * - `own`: the target's own 5xx.
 * - `deploy`: race, closed or connect, of a target that was leaving (deploy.ts).
 * - `bad-answer`: no answer that the LB could use: malformed, too large, of another protocol; or, at a rate that no race
 *   can have, none at all (recast.ts).
 * - `no-target`: 503, none registered.
 * - `fixed-response`: a rule's own answer, on purpose.
 * - `authenticate`, `waf`, `lambda`: the login, the web ACL or the function before or in place of a target.
 * - `other`: whatever else the LB made.
 */
export const KINDS = [
  "race",
  "closed",
  "connect",
  "timeout",
  "deploy",
  "bad-answer",
  "no-target",
  "fixed-response",
  "authenticate",
  "waf",
  "lambda",
  "own",
  "other",
] as const;
export type Kind = (typeof KINDS)[number];

export const SURENESSES = ["high", "medium", "low"] as const;
export type Sureness = (typeof SURENESSES)[number];

export interface Cause {
  kind: Kind;
  sure: Sureness;
  /** How long the target had the request, s; null where it does not matter. */
  heldS: number | null;
}

/** The likely cause, judged by this line alone; null for anything but a 5xx. */
export function causeOf(line: string, split: Split): Cause | null {
  const status = rawField(line, split, INDEX.elb_status_code);
  if (status.charCodeAt(0) !== FIVE) return null;
  const targetStatus = rawField(line, split, INDEX.target_status_code);
  if (targetStatus.charCodeAt(0) === FIVE) return cause("own", "high");
  // The target answered, and the LB could not use it: malformed or too large headers.
  if (targetStatus !== "-") return cause("bad-answer", "medium");
  const ownDoing = withoutTarget(line, split, status);
  if (ownDoing !== null) return ownDoing;
  const noTarget = rawField(line, split, INDEX["target:port"]) === "-";
  if (status === "503") return cause("no-target", noTarget ? "high" : "medium");
  if (status === "504") return gatewayTimeout(line, split, noTarget);
  if (status !== "502" || noTarget) return cause("other", "low");
  return badGateway(line, split);
}

/**
 * What the LB does without asking a target, by the last action and the reason that it logs. A WAF and a login come before
 * the target: where they let the request pass, the last action is "forward".
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html#error-reason-codes
 */
function withoutTarget(line: string, split: Split, status: string): Cause | null {
  const actions = rawField(line, split, INDEX.actions_executed);
  if (actions.includes("fixed-response")) return cause("fixed-response", "high");
  const reason = rawField(line, split, INDEX.error_reason);
  if (reason.startsWith("Lambda")) return cause("lambda", "high");
  if (reason.startsWith("Auth")) return cause("authenticate", "high");
  if (reason.startsWith("WAF")) return cause("waf", "high");
  if (reason !== "-") return cause("other", "high");
  // The identity provider answered with an error; no other reason has this status.
  if (status === "561" || /(^|,)authenticate$/.test(actions)) return cause("authenticate", "high");
  if (/(^|,)waf(-failed)?$/.test(actions)) return cause("waf", "high");
  // 507: the redirect's URL is too long.
  return /(^|,)redirect$/.test(actions) ? cause("other", "high") : null;
}

/**
 * An ALB gives up connecting to a target after 10 s, whatever its idle timeout is, and writes -1 for all times. A target
 * that has the request and is silent takes the idle timeout, 60 s unless somebody changed it.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-504-issues
 */
function gatewayTimeout(line: string, split: Split, noTarget: boolean): Cause {
  if (noTarget) return cause("timeout", "medium");
  if (Number(rawField(line, split, INDEX.request_processing_time)) >= 0) return cause("timeout", "high");
  const tookS = secondsBetween(line, split);
  if (Number.isNaN(tookS)) return cause("timeout", "medium");
  return cause(tookS >= CONNECT_S[0] && tookS <= CONNECT_S[1] ? "connect" : "timeout", "high");
}

const CONNECT_S = [9.5, 11] as const;

/** From the request to the answer; NaN where the line does not say it. */
function secondsBetween(line: string, split: Split): number {
  const [from, to] = [INDEX.request_creation_time, INDEX.time].map((index) => rawField(line, split, index));
  // Date.parse finds a date in nearly anything: it reads the year 2000 into "-", which stands for a missing value.
  return from!.length < TIME_LENGTH ? Number.NaN : (Date.parse(to!) - Date.parse(from!)) / 1000;
}

const TIME_LENGTH = "2018-07-02T22:22:48Z".length;

/**
 * A 502 without an answer of the target. AWS's own example of "the target closed the connection with a TCP RST or FIN
 * while the LB had an outstanding request" is `0.001 4.205 -1 502 -`
 * (https://repost.aws/knowledge-center/elb-alb-troubleshoot-502-errors): the times tell how far the request came.
 */
function badGateway(line: string, split: Split): Cause {
  const [request, target, response] = TIMES.map((name) => Number(rawField(line, split, INDEX[name]))) as Three;
  if (!(request >= 0 && target >= 0)) return cause("connect", request < 0 && target < 0 ? "medium" : "low");
  // The answer had begun, so this is not a close before the answer.
  if (response >= 0) return cause("bad-answer", "low");
  if (target <= RACE_S) return cause("race", target <= SURE_RACE_S ? "high" : "medium", target);
  return cause("closed", target > SURE_CLOSED_S ? "high" : "medium", target);
}

type Three = [number, number, number];
const TIMES = ["request_processing_time", "target_processing_time", "response_processing_time"] as const;

/**
 * A request that meets a close fails within a round trip, plus the time that the LB takes to notice: 1-53 ms, median
 * 18 ms, in 13 lines of an ALB (cardstack/boxel#6107). Anything longer is an app that was working on it.
 */
const RACE_S = 0.1;
const SURE_RACE_S = 0.025;
const SURE_CLOSED_S = 1;

const FIVE = "5".charCodeAt(0);

const cause = (kind: Kind, sure: Sureness, heldS: number | null = null): Cause => ({ kind, sure, heldS });
