import type { LbProfile } from "../../advice/profile.ts";
import { commandLine } from "../../cli/command-line.ts";
import { LB_OPTIONS, lbHelp, lbOf, parseRttMs, RTT_HELP, RTT_OPTION } from "../../cli/lb-options.ts";
import { OUTPUT_OPTIONS, type OutputOptions, outputHelp, outputOf } from "../../cli/output-options.ts";
import { parseRuntime, RUNTIME_HELP, RUNTIME_OPTION } from "../../cli/runtime-option.ts";
import { START_HELP, START_OPTIONS, type StartOptions, startOf } from "../../cli/start-options.ts";
import { parseTargetUrl, TARGET_URL_HELP } from "../../cli/target-url.ts";
import { parseWholeNumber } from "../../cli/values.ts";
import type { RuntimeChoice } from "../../record/runtime-choice.ts";
import { called } from "../../run/called.ts";

export interface UpOptions extends OutputOptions {
  target: URL;
  /** How the target is started; null = it runs already. */
  start: StartOptions | null;
  profile: LbProfile;
  lbIdleMs: number;
  rttMs: number;
  nodes: number;
  /** Where the LB listens. */
  port: number;
  runtime: RuntimeChoice;
}

const help = (): string => `${called("up", "URL [options]")}

Keeps the simulated LB up in front of the app at URL, for curl, a browser or your own load generator, until Ctrl-C.
A line for each request that the LB answers with an error, with its cause. The result is written at the end.

${TARGET_URL_HELP}
${START_HELP}
${lbHelp()}
${RTT_HELP}
  --nodes N        LB nodes, each with a pool of its own; requests take turns (default 1, so that the next request
                   gets the connection of the last one)
  --port N         where the LB listens (default 8080)
${RUNTIME_HELP}
${outputHelp("report.html, result.json, junit.xml, summary.md and the logs")}

Exit code: 130 after Ctrl-C, its usual end; 2 usage or environment, 3 a part died.`;

export const upCommandLine = commandLine({
  called: called("up"),
  help,
  positionals: true,
  command: true,
  options: {
    ...START_OPTIONS,
    ...LB_OPTIONS,
    ...RTT_OPTION,
    nodes: { type: "string", default: "1" },
    port: { type: "string", default: "8080" },
    ...RUNTIME_OPTION,
    ...OUTPUT_OPTIONS,
  },
  read(values, positionals, command): UpOptions {
    const start = startOf(values, command);
    return {
      ...outputOf(values),
      target: parseTargetUrl(called("up"), positionals, start !== null),
      start,
      ...lbOf(values),
      rttMs: parseRttMs(values.rtt),
      nodes: parseWholeNumber("--nodes", values.nodes, { min: 1, max: 100 }),
      port: parseWholeNumber("--port", values.port, { min: 1024, max: 65_535 }),
      runtime: parseRuntime(values.runtime),
    };
  },
});
