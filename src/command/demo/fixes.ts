import type { TargetEnvironment } from "../../stage/target-environment.ts";

/** A change that is to end the 502s, on one of the two sides. */
export interface Fix {
  /** For --help. */
  what: string;
  target: TargetEnvironment;
  /** The target's keepAliveTimeout; null = Node's default. */
  keepAliveTimeoutMs: number | null;
  /** The LB's idle timeout; null = as it was. */
  lbIdleMs: number | null;
  /** The same as one line of advice. */
  headline: string;
  /** What to paste into one's own project; a line that begins with "# " is a comment on it. */
  paste: string[];
  /** Where it is documented. */
  source: string;
}

/** The fixes that the field reports used, by the name that --fix takes. */
export const FIXES = {
  "65s": targetFix(65_000, 66_000),
  "61s": targetFix(61_000, 62_000),
  "lb-4s": {
    what: "the LB's idle timeout lowered to 4 s, the target left alone",
    target: {},
    keepAliveTimeoutMs: null,
    lbIdleMs: 4000,
    headline: "Let the load balancer close idle connections before the server does: idle timeout 4 s",
    paste: [
      "aws elbv2 modify-load-balancer-attributes --load-balancer-arn ARN \\",
      "  --attributes Key=idle_timeout.timeout_seconds,Value=4",
      "# the idle timeout also bounds every response: a request that takes longer than 4 s becomes a 504",
    ],
    source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html",
  },
} as const satisfies Record<string, Fix>;

export type FixName = keyof typeof FIXES;

function targetFix(keepAliveTimeoutMs: number, headersTimeoutMs: number) {
  return {
    what: `the target's keepAliveTimeout ${keepAliveTimeoutMs / 1000} s, headersTimeout ${headersTimeoutMs / 1000} s`,
    target: {
      KEEP_ALIVE_TIMEOUT_MS: String(keepAliveTimeoutMs),
      HEADERS_TIMEOUT_MS: String(headersTimeoutMs),
    },
    keepAliveTimeoutMs,
    lbIdleMs: null,
    headline: `Let the server keep idle connections longer than the load balancer does: keepAliveTimeout ${keepAliveTimeoutMs / 1000} s`,
    paste: [
      "const server = app.listen(port);",
      `server.keepAliveTimeout = ${keepAliveTimeoutMs}; // longer than the LB's idle timeout`,
      `server.headersTimeout = ${headersTimeoutMs}; // longer than that; needed before Node 14 (nodejs/node#27363)`,
    ],
    source: "https://nodejs.org/api/http.html#serverkeepalivetimeout",
  };
}
