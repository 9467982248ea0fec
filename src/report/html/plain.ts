import { isComment } from "../../advice/comment.ts";
import type { Result } from "../../record/result.ts";
import { measured, setting } from "../../record/units.ts";
import { comparableControl, controlLosses, losses } from "../sentence.ts";

/** The result for somebody who never heard of the problem. */
export interface Plain {
  mood: "good" | "bad" | "unknown";
  /** One sentence. */
  verdict: string;
  /** Short sentences: why, and what was counted. */
  cause: string[];
  fix: Fix | null;
}

export interface Fix {
  headline: string;
  /** What to paste first. */
  lines: string[];
  /** Notes, and another way. */
  more: string[];
  source: string;
}

export const inPlainWords = (result: Result): Plain => ({
  ...VERDICTS[result.verdict],
  cause:
    result.verdict === "inconclusive"
      ? result.reasons.slice(0, REASONS_FIRST)
      : [...causeOf(result), ...countsOf(result)],
  fix: result.advice ? fixOf(result.advice) : null,
});

/** How many reasons of a run without a verdict stand at the top of the page. */
export const REASONS_FIRST = 2;

const VERDICTS: Record<Result["verdict"], Pick<Plain, "mood" | "verdict">> = {
  reproduced: { mood: "good", verdict: "The 502 was reproduced, and the fix ends it." },
  "not-reproduced": { mood: "bad", verdict: "The 502 was not reproduced." },
  "fix-failed": { mood: "bad", verdict: "This fix does not hold: requests are still lost." },
  lost: { mood: "bad", verdict: "Your server loses requests behind this load balancer." },
  clean: { mood: "good", verdict: "Your server lost no request behind this load balancer." },
  vulnerable: { mood: "bad", verdict: "Your server can lose requests behind this load balancer." },
  safe: { mood: "good", verdict: "Your server is safe behind this load balancer." },
  inconclusive: { mood: "unknown", verdict: "No verdict: this run proves nothing, either way." },
};

function causeOf(result: Result): string[] {
  const { probe, runs, lb, command } = result;
  const server = command === "demo" ? "The server" : "Your server";
  const lbKeeps = setting(runs[0]?.lbIdleTimeoutMs ?? lb.idleTimeoutMs);
  const closeMs = probe.idleCloseMs ?? probe.minMs;
  // It lost although the probe says it cannot, so the explanation below would be wrong.
  const isSafeByItself = probe.kind === "outlives" || probe.kind === "announces-close";
  if (isSafeByItself && VERDICTS[result.verdict].mood === "bad") return result.reasons.slice(0, REASONS_FIRST);
  switch (probe.kind ?? (closeMs !== null && closeMs < lb.idleTimeoutMs ? "vulnerable" : "unknown")) {
    case "vulnerable":
      return [
        `${server} closes an idle connection ${closeMs === null ? "first" : `after ${measured(closeMs)}`}. The load balancer expects it to stay open for ${lbKeeps}.`,
        "A request that the load balancer sends at the moment of the close finds nobody there. The load balancer answers 502 Bad Gateway in the server’s place; the app never sees the request.",
      ];
    case "tie":
      return [
        `${server} and the load balancer close idle connections at about the same time, after ${lbKeeps}. When the server is first, a request that the load balancer sends in that instant finds nobody there, and becomes a 502 that the app never sees.`,
      ];
    case "closes-at-once":
      return [
        `${server} closes each connection right after its answer, without saying so. The load balancer sends the next request on a connection that is gone, and answers 502 in the server’s place.`,
      ];
    case "outlives":
      return [
        `${server} keeps idle connections longer than the load balancer, which closes them after ${lbKeeps}. So the load balancer never sends a request on a connection that the server has just closed.`,
      ];
    case "announces-close":
      return [
        `${server} announces the end of each connection (Connection: close), so the load balancer reuses none. No request can be lost this way; each one pays for a new connection.`,
      ];
    case "closes-some":
    case "closes-by-age":
    case "closes-after-requests":
    case "restarted":
      return result.reasons.slice(0, 1);
    case "unknown":
      // What `up` saw: nobody measured when the server closes.
      return runs.some(({ lost }) => lost > 0)
        ? [
            "The load balancer sent requests on connections that the server was just closing. It answered 502 in the server’s place; the app never saw them.",
          ]
        : [];
  }
}

function countsOf(result: Result): string[] {
  const { runs, verdict } = result;
  const [before, after] = runs;
  if (!before) return [];
  if (verdict === "clean") {
    const lost = `${before.lostInWindow} of ${before.inWindow} aimed requests were lost`;
    const control = comparableControl(result, before);
    return [control === null ? `${lost}.` : `${lost}, while ${controlLosses(control, "server")}.`];
  }
  if (!after) return [`${losses(before)} ${before.lost === 1 ? "was" : "were"} lost.`];
  const fixed =
    verdict === "fix-failed"
      ? `still ${after.lost} of ${after.attempts}`
      : `${after.lostInWindow} of ${after.inWindow}`;
  return [`${losses(before)} were lost; with the fix, ${fixed}.`];
}

/** What comes before the first comment among the lines to paste is pasted first. */
function fixOf({ headline, lines, instead = [], source }: NonNullable<Result["advice"]>): Fix {
  const end = lines.findIndex(isComment);
  const first = end <= 0 ? lines : lines.slice(0, end);
  return { headline, lines: first, more: [...lines.slice(first.length), ...instead], source };
}
