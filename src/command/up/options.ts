import type { LbProfile } from "../../advice/profile.ts";
import { LB_OPTIONS, lbHelp, lbOf, parseRttMs } from "../../cli/lb-options.ts";
import { parseOptions } from "../../cli/parse-options.ts";
import { parseRuntime, RUNTIME_HELP, RUNTIME_OPTION } from "../../cli/runtime-option.ts";
import { parseTargetUrl } from "../../cli/target-url.ts";
import { parseWholeNumber } from "../../cli/values.ts";
import type { RuntimeChoice } from "../../record/runtime-choice.ts";

export interface UpOptions {
  json: boolean;
  /** Where the files are kept; null = nowhere. */
  out: string | null;
  target: URL;
  profile: LbProfile;
  lbIdleMs: number;
  rttMs: number;
  nodes: number;
  /** Where the LB listens. */
  port: number;
  runtime: RuntimeChoice;
}

export const upHelp = (): string => `npm run up -- URL [options]

Keeps the simulated LB up in front of the app at URL, for curl, a browser or your own load generator, until Ctrl-C.
A line for each request that the LB answers with an error, with its cause. URL may also be "localhost:3000" or a port.

${lbHelp()}
  --rtt TIME       round trip between LB and app, whole ms (default 2ms)
  --nodes N        LB nodes, each with a pool of its own; requests take turns (default 1, so that the next request
                   gets the connection of the last one)
  --port N         where the LB listens (default 8080)
${RUNTIME_HELP}
  --out DIR        at the end, keep report.html, result.json, junit.xml, summary.md and the logs in DIR
  --json           at the end, print result.json to standard output, and nothing else there
  --help           this text

Exit code: 130 after Ctrl-C, its usual end; 2 usage or environment, 3 a part died.`;

/**
 * null = --help.
 * @throws UsageError naming the option, its value and what was expected
 */
export function parseUpOptions(argv: readonly string[]): UpOptions | null {
  const { values, positionals } = parseOptions("npm run up", argv, {
    allowPositionals: true,
    options: {
      ...LB_OPTIONS,
      rtt: { type: "string", default: "2ms" },
      nodes: { type: "string", default: "1" },
      port: { type: "string", default: "8080" },
      ...RUNTIME_OPTION,
      out: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  return {
    json: values.json,
    out: values.out ?? null,
    target: parseTargetUrl("npm run up", positionals),
    ...lbOf(values),
    rttMs: parseRttMs(values.rtt),
    nodes: parseWholeNumber("--nodes", values.nodes, { min: 1, max: 100 }),
    port: parseWholeNumber("--port", values.port, { min: 1024, max: 65_535 }),
    runtime: parseRuntime(values.runtime),
  };
}
