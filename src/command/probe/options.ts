import type { LbProfile } from "../../advice/profile.ts";
import type { Software } from "../../advice/recognise.ts";
import { APP_REQUEST_HELP, APP_REQUEST_OPTIONS, appRequest } from "../../cli/app-request.ts";
import { commandLine } from "../../cli/command-line.ts";
import { FRAMEWORK_HELP, FRAMEWORK_OPTION, parseFramework } from "../../cli/framework-option.ts";
import { LB_OPTIONS, lbHelp, lbOf } from "../../cli/lb-options.ts";
import { OK_STATUS_OPTION, parseOkStatus } from "../../cli/ok-status.ts";
import { OUTPUT_OPTIONS, type OutputOptions, outputHelp, outputOf } from "../../cli/output-options.ts";
import { START_HELP, START_OPTIONS, type StartOptions, startOf } from "../../cli/start-options.ts";
import { parseTargetUrl, TARGET_URL_HELP } from "../../cli/target-url.ts";
import { parseDurationMs, parseWholeNumber } from "../../cli/values.ts";
import type { AppRequest } from "../../record/request.ts";
import { called } from "../../run/called.ts";

export interface ProbeOptions extends OutputOptions {
  url: URL;
  /** How the target is started; null = it runs already. */
  start: StartOptions | null;
  request: AppRequest;
  profile: LbProfile;
  lbIdleMs: number;
  /** Statuses, or classes of them, that are good answers whatever they mean elsewhere. */
  okStatus: readonly string[];
  /** null = some seconds more than the LB. */
  maxWaitMs: number | null;
  connections: number;
  /** What the user says that it runs on; null = its answers tell, or nothing does. */
  framework: Software | null;
}

const help = (): string => `${called("probe", "URL [options]")}

Measures when your app's server closes idle connections, and tells whether a load balancer can lose requests to it.
Takes about as long as the server keeps them, at most some 12 s longer than the load balancer does. Starts no parts.

${TARGET_URL_HELP}
${START_HELP}
${lbHelp()}
${APP_REQUEST_HELP}
${FRAMEWORK_HELP}
  --ok-status S    an error status that is a good answer of this app: 401, or 401,404; its announced close then counts
  --connections N  idle connections, each with one request (default 10, up to 100)
  --max-wait TIME  watch them at most so long (default: the LB's idle timeout, and 5 s or 3 %)
${outputHelp("report.html, result.json, junit.xml and summary.md")}

Besides those connections a GET, HEAD or OPTIONS is sent up to 110 times in a row, to find a limit on requests per
connection, and twice a second on a connection of its own, which only a restart, a limit or its age can end.

Exit code: 0 safe, 1 it can lose requests, 2 usage, nothing listens there or it is no HTTP/1.x server, 3 inconclusive,
130 interrupted.`;

export const probeCommandLine = commandLine({
  called: called("probe"),
  help,
  positionals: true,
  command: true,
  options: {
    ...START_OPTIONS,
    ...APP_REQUEST_OPTIONS,
    ...LB_OPTIONS,
    ...FRAMEWORK_OPTION,
    ...OK_STATUS_OPTION,
    "max-wait": { type: "string" },
    connections: { type: "string", default: "10" },
    ...OUTPUT_OPTIONS,
  },
  read(values, positionals, command): ProbeOptions {
    const start = startOf(values, command);
    const url = parseTargetUrl(called("probe"), positionals, start !== null);
    const maxWait = values["max-wait"];
    return {
      ...outputOf(values),
      url,
      start,
      request: appRequest(url, values),
      ...lbOf(values),
      okStatus: values["ok-status"] === undefined ? [] : parseOkStatus(values["ok-status"]),
      maxWaitMs: maxWait === undefined ? null : parseMaxWaitMs(maxWait),
      connections: parseWholeNumber("--connections", values.connections, { min: 10, max: 100 }),
      framework: parseFramework(values.framework),
    };
  },
});

const parseMaxWaitMs = (text: string): number =>
  parseDurationMs("--max-wait", text, { minMs: 1000, maxMs: 4_000_000, example: "90s" });
