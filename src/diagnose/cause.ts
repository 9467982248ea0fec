import { INDEX } from "../alb-log/fields.ts";
import { rawField, type Split } from "../alb-log/split.ts";

/**
 * Why a request was answered with 5xx.
 * - `race`: the target closed the idle connection as the request arrived.
 * - `closed`: the target closed the connection while it worked on the request.
 * - `connect`: no connection to the target could be made.
 * - `timeout`: 504.
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
  if (targetStatus !== "-") return cause("other", "medium");
  if (rawField(line, split, INDEX.error_reason) !== "-") return cause("other", "high");
  const noTarget = rawField(line, split, INDEX["target:port"]) === "-";
  if (status === "503") return cause("no-target", noTarget ? "high" : "medium");
  if (status === "504") return cause("timeout", "high");
  if (status !== "502" || noTarget) return cause("other", "low");
  return badGateway(line, split);
}

/**
 * A 502 without an answer of the target. AWS's own example of "the target closed the connection with a TCP RST or FIN
 * while the LB had an outstanding request" is `0.001 4.205 -1 502 -`
 * (https://repost.aws/knowledge-center/elb-alb-troubleshoot-502-errors): the times tell how far the request came.
 */
function badGateway(line: string, split: Split): Cause {
  const [request, target, response] = TIMES.map((name) => Number(rawField(line, split, INDEX[name]))) as Three;
  if (!(request >= 0 && target >= 0)) return cause("connect", request < 0 && target < 0 ? "medium" : "low");
  // The answer had begun, so this is not a close before the answer.
  if (response >= 0) return cause("other", "low");
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
