import { called } from "../run/called.ts";
import { type Kind, SURENESSES, type Sureness } from "./cause.ts";
import type { CauseTally, Counts } from "./counts.ts";
import { type Context, doubtsOf, recastText, WHY_NO_RACE } from "./doubts.ts";
import { MOST_OF_UNUSUAL } from "./rate.ts";
import { shownName } from "./show.ts";

interface Explained {
  sure: Sureness;
  why: string;
  /** What speaks against it, and made it less sure. */
  doubts: string[];
  next: string;
}

/** How sure a cause is, why, what speaks against it, and what to do next. */
export function explain(kind: Kind, tally: CauseTally, context: Context): Explained {
  const explained = { sure: commonSureness(tally), why: "", doubts: [], next: NEXT[kind] };
  switch (kind) {
    case "race":
      return { ...explained, ...race(tally, context) };
    case "closed":
      return {
        ...explained,
        why: `the target had the request for ${heldText(tally)} and closed the connection without an answer`,
      };
    case "bad-answer":
      if (context.recasts.length === 0) return { ...explained, why: WHY[kind] };
      return { ...explained, sure: "medium", why: neverRace(tally, context) };
    case "deploy":
      return { ...explained, ...deploy(tally, context) };
    default:
      return { ...explained, why: WHY[kind] };
  }
}

function race(tally: CauseTally, context: Context): Pick<Explained, "sure" | "why" | "doubts" | "next"> {
  const doubts = doubtsOf(tally, context);
  const tooMany = context.onlyErrors === "no" && context.rate.atLeast > MOST_OF_UNUSUAL;
  return {
    sure: doubts.reduce((left, { steps }) => lower(left, steps), commonSureness(tally)),
    why: `the LB had sent the request, and the connection was closed without an answer ${heldText(tally)} later: too soon for the app's work, and as long as it takes to meet a close`,
    doubts: doubts.map(({ text }) => text),
    next: tooMany ? `${NEXT["bad-answer"]}; then ${NEXT.race}` : NEXT.race,
  };
}

function neverRace(tally: CauseTally, { recasts }: Context): string {
  const groups = recasts.slice(0, 3).map(recastText).join(", ");
  return `the connection was closed without an answer ${heldText(tally)} after the request, as in a race, but too often for one: ${groups}. ${WHY_NO_RACE}`;
}

function deploy({ count }: CauseTally, { recasts }: Context): Pick<Explained, "sure" | "why"> {
  const restarted = recasts.reduce((sum, one) => sum + one.count, 0);
  const restart = `${restarted} came within minutes in which a target both closed connections and refused new ones, as in a restart`;
  const whys = [...(count > restarted ? [WHY.deploy] : []), ...(restarted > 0 ? [restart] : [])];
  return { sure: count >= 3 && restarted < count / 2 ? "high" : "medium", why: whys.join("; ") };
}

const WHY = {
  connect:
    "all times are -1: the LB could not hand the request on; a 504 says so after 10 s. TargetConnectionErrorCount rises with them. AWS's documentation allows for a lost race, too",
  timeout: "504: no answer within the LB's idle timeout",
  deploy:
    "these came in their target's last minute: it had answered, then failed, then got nothing more though others did",
  "bad-answer": "the LB had a connection, and got nothing on it that it could use as an answer",
  "no-target": "503 of the LB: no target was registered, or none in use",
  "fixed-response": "a rule of the listener answers these by itself, on purpose: no target was asked",
  authenticate: "the login in front of the target failed: no target was asked",
  waf: "the web ACL in front of the target failed or refused: no target was asked",
  lambda: "the Lambda function that is the target failed, or its answer could not be used",
  own: "the target itself answered with this status; the LB passed it on",
  other:
    "made by the LB for another reason, such as a request that it does not accept or a redirect's URL that is too long",
};

const NEXT: Record<Kind, string> = {
  race: `measure the target with ${called("probe")}, then ${called("check")}; fixes per server: docs/fixes.md`,
  closed: "look for crashes, out-of-memory kills and timeouts in the target's log at these times",
  connect: "see whether the target listens on that port, its security group and its backlog",
  timeout: "look for slow routes and full pools in the target; the LB's idle timeout is the limit",
  deploy: "drain before you stop: keep serving after deregistration, send Connection: close, then exit; docs/fixes.md",
  "bad-answer":
    "ask the target itself with curl -v: headers over 32 kB or malformed, HTTP/2 or TLS spoken on one side only, nothing at all",
  "fixed-response": "if nobody meant it, find the rule that matched: matched_rule_priority in the lines",
  authenticate: "read error_reason in the lines, then see whether the LB reaches the identity provider",
  waf: "read error_reason in the lines, then the web ACL's own log",
  lambda: "read the function's own log at these times: errors, timeouts, throttling, answers over 1 MB",
  "no-target": "look at the target group: health checks, and deploys that stop all targets at once",
  own: "read the target's own log: no LB setting changes this",
  other: "read error_reason and actions_executed in the lines, then AWS's list of the LB's own statuses",
};

/** The one that most lines have; on a tie, the lower one. */
function commonSureness({ sure }: CauseTally): Sureness {
  if (sure.low >= sure.medium && sure.low >= sure.high) return "low";
  return sure.medium >= sure.high ? "medium" : "high";
}

const lower = (sure: Sureness, steps: number): Sureness =>
  SURENESSES[Math.min(SURENESSES.length - 1, SURENESSES.indexOf(sure) + steps)]!;

function heldText({ heldMs }: CauseTally): string {
  const sorted = [...heldMs].sort(([a], [b]) => a - b);
  const all = sorted.reduce((sum, [, count]) => sum + count, 0);
  const at = (share: number): number => {
    let left = all * share;
    for (const [ms, count] of sorted) {
      left -= count;
      if (left <= 0) return ms;
    }
    return 0;
  };
  const text = (ms: number): string => (ms >= 10_000 ? "10 s or more" : `${ms} ms`);
  return all === 1 ? text(at(1)) : `${text(at(0.5))} (median; ${text(at(0))} to ${text(at(1))})`;
}

/** Where most of a cause's failures are. */
export function topRouteOf(
  kind: Kind,
  count: number,
  routes: readonly [string, Counts][],
  requests: number,
): Context["topRoute"] {
  const [top] = routes
    .filter(([, { failed }]) => failed[kind] !== undefined)
    .sort(([, a], [, b]) => b.failed[kind]! - a.failed[kind]!);
  if (!top) return null;
  return { name: shownName(top[0]), share: top[1].failed[kind]! / count, shareOfRequests: top[1].requests / requests };
}
