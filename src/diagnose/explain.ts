import type { Kind, Sureness } from "./cause.ts";
import type { CauseTally, Counts } from "./counts.ts";
import { shownName } from "./redact.ts";

/** What one cause's failures have in common, which tells how sure it is. */
export interface Context {
  /** The route with most of them: its share of them, and of all requests. */
  topRoute: { name: string; share: number; shareOfRequests: number } | null;
}

/** How sure a cause is, why, and what to do next. */
export function explain(
  kind: Kind,
  tally: CauseTally,
  { topRoute }: Context,
): { sure: Sureness; why: string; next: string } {
  const sure = commonSureness(tally);
  const next = NEXT[kind];
  const held = heldText(tally);
  switch (kind) {
    case "race": {
      const why = `the LB had sent the request, and the connection was closed without an answer ${held} later: too soon for the app's work, and about as long as meeting a close takes`;
      // A route that crashes its process at once, or whose answer cannot be read, looks the same line by line.
      if (tally.count < 3)
        return { sure: lower(sure), why: `${why}; but so few may also be an app that crashed at once`, next };
      const oneRoute = topRoute !== null && tally.count >= 5 && topRoute.share > 0.9 && topRoute.shareOfRequests < 0.5;
      if (!oneRoute) return { sure, why, next };
      return { sure: lower(sure), why: `${why}; but nearly all are ${topRoute.name}, so look for a crash there`, next };
    }
    case "closed":
      return { sure, why: `the target had the request for ${held} and closed the connection without an answer`, next };
    case "connect":
      return {
        sure,
        why: "all times are -1: the LB could not hand the request on. AWS's documentation allows for a lost race, too",
        next,
      };
    case "deploy": {
      const why =
        "each of these came in its target's last minute: it had answered, then failed, then got nothing more though others did";
      return { sure: tally.count >= 3 ? "high" : "medium", why, next };
    }
    case "timeout":
      return { sure, why: "504: no connection within 10 s, or no answer within the LB's idle timeout", next };
    case "bad-answer":
      return {
        sure,
        why: "the LB had a connection, and got nothing on it that it could use as an answer",
        next,
      };
    case "fixed-response":
      return { sure, why: "a rule of the listener answers these by itself, on purpose: no target was asked", next };
    case "authenticate":
      return { sure, why: "the login in front of the target failed: no target was asked", next };
    case "waf":
      return { sure, why: "the web ACL in front of the target failed or refused: no target was asked", next };
    case "lambda":
      return { sure, why: "the Lambda function that is the target failed, or its answer could not be used", next };
    case "no-target":
      return { sure, why: "503 of the LB: no target was registered, or none in use", next };
    case "own":
      return { sure, why: "the target itself answered with this status; the LB passed it on", next };
    case "other":
      return {
        sure,
        why: "made by the LB for another reason: Lambda, WAF, login, an answer that it could not read",
        next,
      };
  }
}

const NEXT: Record<Kind, string> = {
  race: "measure the target: npm run probe -- URL, then npm run check -- URL; fixes per server: docs/fixes.md",
  closed: "look for crashes, out-of-memory kills and request timeouts in the target's log at these times",
  connect:
    "see whether the target listens, its security group and its backlog; TargetConnectionErrorCount rises with it",
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

const lower = (sure: Sureness): Sureness => (sure === "high" ? "medium" : "low");

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
