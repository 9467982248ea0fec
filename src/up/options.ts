import { parseLbIdleMs, parseRttMs } from "../check/options.ts";
import { parseOptions } from "../cli/parse-options.ts";
import { parseTargetUrl } from "../cli/target-url.ts";
import { parseWholeNumber } from "../cli/values.ts";
import { type LbProfile, loadProfile, profileNames } from "../profiles/profile.ts";

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
}

export const UP_HELP = `npm run up -- URL [options]

Keeps the simulated LB up in front of the app at URL, for curl, a browser or your own load generator, until Ctrl-C.
A line for each request that the LB answers with an error, with its cause. URL may also be "localhost:3000" or a port.

  --profile NAME   which LB: ${profileNames().join(", ")}
                   (default alb; docs/profiles.md)
  --lb-idle TIME   the LB's idle timeout (default: the profile's, 60s for alb)
  --rtt TIME       round trip between LB and app, whole ms (default 2ms)
  --nodes N        LB nodes, each with a pool of its own; requests take turns (default 1, so that the next request
                   gets the connection of the last one)
  --port N         where the LB listens (default 8080)
  --out DIR        at the end, keep result.json, junit.xml, summary.md and the logs in DIR
  --json           at the end, print result.json to standard output, and nothing else there
  --help           this text

Exit code: 130 after Ctrl-C, its usual end; 2 usage or environment, 3 a part died.`;

/** @throws UsageError naming the option, its value and what was expected */
export function parseUpOptions(argv: readonly string[]): UpOptions | "help" {
  const { values, positionals } = parseOptions("npm run up", argv, {
    allowPositionals: true,
    options: {
      profile: { type: "string", default: "alb" },
      "lb-idle": { type: "string" },
      rtt: { type: "string", default: "2ms" },
      nodes: { type: "string", default: "1" },
      port: { type: "string", default: "8080" },
      out: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const target = parseTargetUrl("npm run up", positionals);
  const profile = loadProfile(values.profile);
  return {
    json: values.json,
    out: values.out ?? null,
    target,
    profile,
    lbIdleMs: values["lb-idle"] === undefined ? profile.idleTimeoutMs : parseLbIdleMs(values["lb-idle"]),
    rttMs: parseRttMs(values.rtt),
    nodes: parseWholeNumber("--nodes", values.nodes, { min: 1, max: 100 }),
    port: parseWholeNumber("--port", values.port, { min: 1024, max: 65_535 }),
  };
}
