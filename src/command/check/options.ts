import { OK_STATUS } from "../../../scenarios/lib/ok-status.ts";
import type { LbProfile } from "../../advice/profile.ts";
import type { Software } from "../../advice/recognise.ts";
import { AIM_HELP, type AimChoice, parseAim } from "../../cli/aim-option.ts";
import { APP_REQUEST_HELP, APP_REQUEST_OPTIONS, appRequest } from "../../cli/app-request.ts";
import { commandLine, type OptionValues } from "../../cli/command-line.ts";
import { FRAMEWORK_HELP, FRAMEWORK_OPTION, parseFramework } from "../../cli/framework-option.ts";
import { K6_DASHBOARD_HELP, K6_DASHBOARD_OPTION, k6DashboardOf } from "../../cli/k6-dashboard.ts";
import { LB_OPTIONS, lbHelp, lbOf, parseRttMs, RTT_HELP, RTT_OPTION } from "../../cli/lb-options.ts";
import { OK_STATUS_OPTION, parseOkStatus } from "../../cli/ok-status.ts";
import { OUTPUT_OPTIONS, type OutputOptions, outputHelp, outputOf } from "../../cli/output-options.ts";
import { parseRuntime, RUNTIME_HELP, RUNTIME_OPTION } from "../../cli/runtime-option.ts";
import { START_HELP, START_OPTIONS, type StartOptions, startOf } from "../../cli/start-options.ts";
import { parseTargetUrl, TARGET_URL_HELP } from "../../cli/target-url.ts";
import { parseChoice, parseDurationMs, parseWholeNumber } from "../../cli/values.ts";
import { longestWaitMs } from "../../probe/against-lb.ts";
import type { AppRequest } from "../../record/request.ts";
import type { RuntimeChoice } from "../../record/runtime-choice.ts";
import { called } from "../../run/called.ts";
import { UsageError } from "../../run/exit.ts";

export interface CheckOptions extends OutputOptions {
  /** Where the target listens; its path is in `request`. */
  target: URL;
  /** How the target is started; null = it runs already. */
  start: StartOptions | null;
  profile: LbProfile;
  lbIdleMs: number;
  rttMs: number;
  request: AppRequest;
  okStatus: readonly string[];
  expect: "clean" | "lost";
  /** What the user says that it runs on; null = its answers tell, or nothing does. */
  framework: Software | null;
  thorough: boolean;
  aim: AimChoice;
  /** How many connections are opened to the target, and aimed at or watched. */
  connections: number;
  /** The longest to wait for the target's idle close. */
  maxWaitMs: number;
  /** A standing LB in front of the target, to be used instead of the simulator; null = the simulator. */
  through: URL | null;
  yes: boolean;
  /** Whether that LB's certificate is not verified. */
  insecure: boolean;
  runtime: RuntimeChoice;
  /** Whether k6's own web dashboard is kept too. */
  k6Dashboard: boolean;
}

/** What the user says are good answers; nothing where it is the default. */
export const namedStatus = ({ okStatus }: Pick<CheckOptions, "okStatus">): readonly string[] =>
  okStatus === OK_STATUS ? [] : okStatus;

const help = (): string => `${called("check", "URL [options]")}

Would a load balancer lose requests to the app at URL? Starts the simulated LB in front of it, measures when the app
closes idle connections, and aims requests at that instant. About 8 s for a Node app without a fix, about 70 s for one
with it: the LB's 60 s have to pass, and some more, as a thin margin is none.

${TARGET_URL_HELP}
${START_HELP}
${lbHelp()}
${RTT_HELP}
${APP_REQUEST_HELP}
${FRAMEWORK_HELP}
  --ok-status S    what the app answers when all is well: 200, or 2xx,404 (default: all below 500)
  --expect WHAT    clean: exit 0 when no request can be lost (default); lost: exit 0 when one is
${AIM_HELP}
  --connections N  how many idle connections the app has to keep, at most (default 10)
  --thorough       by the clock: also aim at the LB's own idle timeout, and at the app's close if it is further out
  --max-wait TIME  the longest to wait for the app's idle close (default: the LB's idle timeout, and 5s or 3 %)
  --through URL    aim through this standing LB (a staging ALB) instead of the simulator; needs --yes
  --yes            do send what --through says it will send
  --insecure       do not verify the certificate of --through's LB
  --deploy CMD     aim at nothing: send 200 requests a second while CMD deploys the app, and count what is lost
  --deploy-for T   how long that traffic goes on when CMD has ended (default 30s)
  --deploy-timeout T  how long CMD may take (default 10m)
  --config FILE    check the targets of this file (default: alb502.config.json or .ts here, where no URL is given)
  --target NAME    of those only this one; repeatable
  --at-once N      how many of them at a time (default 3)
${RUNTIME_HELP}
${K6_DASHBOARD_HELP}
${outputHelp("report.html, result.json, junit.xml, summary.md and the logs")}

Exit code: 0 as expected, 1 not so (requests are lost), 2 usage or environment, 3 inconclusive, 130 interrupted.`;

/** As node:util's parseArgs takes them. */
export const CHECK_OPTIONS = {
  ...START_OPTIONS,
  ...LB_OPTIONS,
  ...RTT_OPTION,
  ...APP_REQUEST_OPTIONS,
  ...FRAMEWORK_OPTION,
  ...OK_STATUS_OPTION,
  expect: { type: "string", default: "clean" },
  thorough: { type: "boolean", default: false },
  aim: { type: "string" },
  connections: { type: "string" },
  "max-wait": { type: "string" },
  through: { type: "string" },
  yes: { type: "boolean", default: false },
  insecure: { type: "boolean", default: false },
  deploy: { type: "string" },
  "deploy-for": { type: "string" },
  "deploy-timeout": { type: "string" },
  config: { type: "string" },
  target: { type: "string", multiple: true },
  "at-once": { type: "string" },
  ...RUNTIME_OPTION,
  ...K6_DASHBOARD_OPTION,
  ...OUTPUT_OPTIONS,
} as const;

export const checkCommandLine = commandLine({
  called: called("check"),
  help,
  positionals: true,
  command: true,
  options: CHECK_OPTIONS,
  read(values, positionals, command) {
    const useless = (["deploy-for", "deploy-timeout"] as const).find((name) => values[name] !== undefined);
    if (useless !== undefined) throw new UsageError(`--${useless} has no use without --deploy: leave it out`);
    if (positionals.length === 0) {
      throw new UsageError(
        `no URL of your app was given; e.g. ${called("check", "http://localhost:3000")}, or a file with several targets: ${called("check", "--config alb502.config.json")}`,
      );
    }
    return readCheck(values, positionals, command);
  },
});

/** @throws UsageError for what the user can fix */
export function readCheck(
  values: OptionValues<typeof CHECK_OPTIONS>,
  positionals: readonly string[],
  command: readonly string[],
): CheckOptions {
  const start = startOf(values, command);
  const target = parseTargetUrl(called("check"), positionals, start !== null);
  const { profile, lbIdleMs } = lbOf(values);
  const rttMs = parseRttMs(values.rtt);
  const maxWait = values["max-wait"];
  return {
    ...outputOf(values),
    target,
    start,
    profile,
    lbIdleMs,
    rttMs,
    request: appRequest(target, values),
    okStatus: values["ok-status"] === undefined ? OK_STATUS : parseOkStatus(values["ok-status"]),
    expect: parseChoice("--expect", values.expect, ["clean", "lost"]),
    framework: parseFramework(values.framework),
    thorough: values.thorough,
    aim: aimOf(values),
    connections: parseWholeNumber("--connections", values.connections ?? "10", { min: 2, max: 100 }),
    maxWaitMs: maxWait === undefined ? longestWaitMs(lbIdleMs, rttMs) : parseMaxWaitMs(maxWait),
    through: values.through === undefined ? null : parseTargetUrl(called("check", "URL --through"), [values.through]),
    yes: values.yes,
    insecure: insecureOf(values),
    runtime: parseRuntime(values.runtime),
    k6Dashboard: k6DashboardOf(values),
  };
}

/** Without a relay, the aim goes by the clock. @throws UsageError where that contradicts --aim */
function aimOf({ aim, thorough, through }: { aim?: string; thorough?: boolean; through?: string }): AimChoice {
  const byClock = thorough ? "--thorough" : through === undefined ? null : "--through";
  const wanted = aim === undefined ? null : parseAim(aim);
  if (byClock === null) return wanted ?? "close";
  if (wanted === "close")
    throw new UsageError(`${byClock} goes by the clock, and --aim says close: leave one of them out`);
  return "clock";
}

/** @throws UsageError where it would change nothing */
function insecureOf({ insecure, through }: { insecure?: boolean; through?: string }): boolean {
  if (insecure && through === undefined) {
    throw new UsageError(
      "--insecure is for --through's LB, and there is none: the target's certificate is never verified; leave it out",
    );
  }
  return insecure ?? false;
}

const parseMaxWaitMs = (text: string): number =>
  parseDurationMs("--max-wait", text, { minMs: 1000, maxMs: 4_100_000, example: "70s" });
