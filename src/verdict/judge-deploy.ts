/** What was counted while an app was deployed. */
export interface DeployCounts {
  requests: number;
  /** Answered by the LB itself with a 502, 503 or 504. */
  lost: number;
  /** Answered by the app with an error, as --ok-status has it. */
  errors: number;
  /** Connections that the target ended. */
  closes: number;
  /** The command's exit code; null = a signal. */
  code: number | null;
  /** Whether the app answered in the end. */
  alive: boolean;
}

export interface DeployJudgement {
  verdict: "lost" | "clean" | "inconclusive";
  /** Whole sentences, the weightiest first. */
  reasons: string[];
}

/** Clean takes a deploy that was one, enough requests, an app that answers, and none that failed. */
export function judgeDeploy({ requests, lost, errors, closes, code, alive }: DeployCounts): DeployJudgement {
  const failed = code === 0 ? [] : [`The command ended with ${code === null ? "a signal" : `exit code ${code}`}.`];
  const seen = `${lost} of ${requests} requests were lost during the deploy`;
  if (!alive) {
    return {
      verdict: "inconclusive",
      reasons: ["The app does not answer any more: see its log.", `${seen}.`, ...failed],
    };
  }
  if (lost > 0) {
    const own = errors > 0 ? [`The app answered ${errors} more with an error of its own.`] : [];
    return { verdict: "lost", reasons: [`${seen}: the LB answered them with a 502, 503 or 504.`, ...own, ...failed] };
  }
  const doubts = [
    ...failed,
    ...(closes === 0
      ? ["The command ended none of the LB's connections: nothing was deployed, or not this target."]
      : []),
    ...(requests < ENOUGH
      ? [`Only ${requests} requests were sent, and a clean verdict takes ${ENOUGH}: give a longer --deploy-for.`]
      : []),
    ...(errors > 0 ? [`The app answered ${errors} of ${requests} requests with an error of its own.`] : []),
  ];
  if (doubts.length > 0) return { verdict: "inconclusive", reasons: [...doubts, `${seen}.`] };
  return {
    verdict: "clean",
    reasons: [`${seen}.`, `It rests on ${closes} connections that the target ended while requests went on.`],
  };
}

/** A deploy that loses one request for each of its connections, some 20, shows some of them by then. */
const ENOUGH = 1000;
