import { AIM_HELP, AIM_OPTION, type AimChoice, parseAim } from "../../cli/aim-option.ts";
import { commandLine } from "../../cli/command-line.ts";
import { K6_DASHBOARD_HELP, K6_DASHBOARD_OPTION, k6DashboardOf } from "../../cli/k6-dashboard.ts";
import { parseLbIdleMs, parseRttMs, RTT_HELP, RTT_OPTION } from "../../cli/lb-options.ts";
import { OUTPUT_OPTIONS, type OutputOptions, outputHelp, outputOf } from "../../cli/output-options.ts";
import { parseRuntime, RUNTIME_HELP, RUNTIME_OPTION } from "../../cli/runtime-option.ts";
import { duration, parseChoice, parseWholeNumber } from "../../cli/values.ts";
import { NODES, nodeVersion } from "../../parts/node.ts";
import type { RuntimeChoice } from "../../record/runtime-choice.ts";
import { called } from "../../run/called.ts";
import { UsageError } from "../../run/exit.ts";
import { FIXES, type FixName } from "./fixes.ts";

export interface DemoOptions extends OutputOptions {
  lbIdleMs: number;
  rttMs: number;
  fix: FixName;
  nodes: number;
  rounds: number;
  aim: AimChoice;
  method: "GET" | "POST";
  /** The LB in front of the unfixed target; the fixed one's is the next port. null = free ones. */
  port: number | null;
  runtime: RuntimeChoice;
  /** The Node that runs the targets, one of NODES; null = this process's own, or the image's. */
  node: string | null;
  /** Whether k6's own web dashboard is kept too. */
  k6Dashboard: boolean;
}

const EXPRESS_NEEDS = 18;
const RUN_EXPRESS = Object.keys(NODES).filter((name) => Number.parseInt(name, 10) >= EXPRESS_NEEDS);

const help = (): string => `${called("demo", "[options]")}

Shows the ALB's intermittent 502: the same aimed traffic at an unfixed and at a fixed target, about 9 s.

  --fix NAME       ${Object.entries(FIXES)
    .map(([name, { what }]) => `${name}: ${what}`)
    .join("\n                   ")}
                   (default 65s)
  --lb-idle TIME   the LB's idle timeout (default 60s, an ALB's)
${RTT_HELP}
  --nodes N        LB nodes, each with one pooled connection (default 20)
  --rounds N       aimed requests per node, each takes one idle period (default 1; 2 with --aim clock)
${AIM_HELP}
  --method M       GET or POST (default GET)
  --port N         the LB's port before the fix; after it, the next one (default: free ports)
${RUNTIME_HELP}
  --node V         the Node that runs the target: ${RUN_EXPRESS.join(", ")} (default: this one, in Docker the image's);
                   fetched from npm once, in Docker the image node:V-alpine
${K6_DASHBOARD_HELP}
${outputHelp("report.html, result.json, junit.xml, summary.md and the parts' logs")}

For example: ${called("demo", "--fix 61s")}

Exit code: 0 reproduced before and gone after, 1 not so, 2 usage or environment, 3 inconclusive, 130 interrupted.`;

export const demoCommandLine = commandLine({
  called: called("demo"),
  help,
  options: {
    fix: { type: "string", default: "65s" },
    "lb-idle": { type: "string", default: "60s" },
    ...RTT_OPTION,
    nodes: { type: "string", default: "20" },
    rounds: { type: "string" },
    ...AIM_OPTION,
    method: { type: "string", default: "GET" },
    port: { type: "string" },
    ...RUNTIME_OPTION,
    node: { type: "string" },
    ...K6_DASHBOARD_OPTION,
    ...OUTPUT_OPTIONS,
  },
  read(values): DemoOptions {
    const aim = parseAim(values.aim);
    const options: DemoOptions = {
      ...outputOf(values),
      lbIdleMs: parseLbIdleMs(values["lb-idle"]),
      rttMs: parseRttMs(values.rtt),
      fix: parseChoice("--fix", values.fix, Object.keys(FIXES) as FixName[]),
      nodes: parseWholeNumber("--nodes", values.nodes, { min: 1, max: 100 }),
      rounds: parseWholeNumber("--rounds", values.rounds ?? ROUNDS[aim], { min: 1, max: 100 }),
      aim,
      method: parseChoice("--method", values.method, ["GET", "POST"]),
      port: values.port === undefined ? null : parseWholeNumber("--port", values.port, { min: 1024, max: 65_534 }),
      runtime: parseRuntime(values.runtime),
      node: parseNode(values.node),
      k6Dashboard: k6DashboardOf(values),
    };
    assertFixHolds(options);
    return options;
  },
});

/** By the clock the first round also finds the window; a close that is heard needs no second round. */
const ROUNDS = { close: "1", clock: "2" } as const;

/** @throws UsageError for one that is not in the list, or on which the target app, Express 5, does not run */
function parseNode(name: string | undefined): string | null {
  if (name === undefined) return null;
  if (Number.parseInt(nodeVersion(name), 10) >= EXPRESS_NEEDS) return name;
  throw new UsageError(
    `--node is "${name}", expected one of ${RUN_EXPRESS.join(", ")}, as the target's Express 5 needs Node ${EXPRESS_NEEDS}; in a clone npm run matrix -- --node ${name} measures plain node:http on it`,
  );
}

/** Both targets outlive a short aim; without this a "fix" below the LB's idle timeout would look clean. */
function assertFixHolds({ fix, lbIdleMs }: DemoOptions): void {
  const { keepAliveTimeoutMs } = FIXES[fix];
  if (keepAliveTimeoutMs !== null && keepAliveTimeoutMs <= lbIdleMs) {
    throw new UsageError(
      `--fix ${fix} does not work with --lb-idle ${duration(lbIdleMs)}: the target must keep connections longer than the LB, and the demo's fixes go up to 65s; give --lb-idle 64s or less, or --fix lb-4s`,
    );
  }
}
