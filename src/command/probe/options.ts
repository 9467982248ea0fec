import type { LbProfile } from "../../advice/profile.ts";
import { APP_REQUEST_HELP, APP_REQUEST_OPTIONS, appRequest } from "../../cli/app-request.ts";
import { LB_OPTIONS, lbHelp, lbOf } from "../../cli/lb-options.ts";
import { parseOptions } from "../../cli/parse-options.ts";
import { parseRuntime, RUNTIME_OPTION } from "../../cli/runtime-option.ts";
import { parseTargetUrl } from "../../cli/target-url.ts";
import { parseDurationMs, parseWholeNumber } from "../../cli/values.ts";
import type { AppRequest } from "../../record/request.ts";
import type { RuntimeChoice } from "../../record/runtime-choice.ts";

export interface ProbeOptions {
  json: boolean;
  /** Where the files are kept; null = nowhere. */
  out: string | null;
  url: URL;
  request: AppRequest;
  profile: LbProfile;
  lbIdleMs: number;
  /** null = a second more than the LB. */
  maxWaitMs: number | null;
  connections: number;
  runtime: RuntimeChoice;
}

export const probeHelp = (): string => `npm run probe -- URL [options]

Measures when your app's server closes idle connections, and tells whether a load balancer can lose requests to it.
Takes about as long as the server keeps them, at most a second longer than the load balancer does. Starts nothing.

  URL              http://localhost:3000/health, localhost:3000 or just 3000; https is not verified, as an ALB does not
${lbHelp()}
${APP_REQUEST_HELP}
  --connections N  idle connections, each with one request (default 10, up to 100)
  --max-wait TIME  watch them at most so long (default: the LB's idle timeout and 1 s)
  --runtime NAME   as for the other commands, auto, docker or native; here it makes no difference
  --out DIR        keep report.html, result.json, junit.xml and summary.md in DIR
  --json           print result.json to standard output, and nothing else there
  --help           this text

Besides those connections a GET or OPTIONS is sent up to 110 times in a row, to find a limit on requests per connection.

Exit code: 0 safe, 1 it can lose requests, 2 usage, nothing listens there or it is no HTTP/1.x server, 3 inconclusive,
130 interrupted.`;

/**
 * null = --help.
 * @throws UsageError naming the option, its value and what was expected
 */
export function parseProbeOptions(argv: readonly string[]): ProbeOptions | null {
  const { values, positionals } = parseOptions("npm run probe", argv, {
    allowPositionals: true,
    options: {
      ...APP_REQUEST_OPTIONS,
      ...LB_OPTIONS,
      "max-wait": { type: "string" },
      connections: { type: "string", default: "10" },
      ...RUNTIME_OPTION,
      out: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  const url = parseTargetUrl("npm run probe", positionals);
  const maxWait = values["max-wait"];
  return {
    json: values.json,
    out: values.out ?? null,
    url,
    request: appRequest(url, values),
    ...lbOf(values),
    maxWaitMs: maxWait === undefined ? null : parseMaxWaitMs(maxWait),
    connections: parseWholeNumber("--connections", values.connections, { min: 10, max: 100 }),
    runtime: parseRuntime(values.runtime),
  };
}

const parseMaxWaitMs = (text: string): number =>
  parseDurationMs("--max-wait", text, { minMs: 1000, maxMs: 4_000_000, example: "90s" });
