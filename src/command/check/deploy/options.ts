import { commandLine, type OptionValues } from "../../../cli/command-line.ts";
import { parseDurationMs } from "../../../cli/values.ts";
import { UsageError } from "../../../run/exit.ts";
import { CHECK_OPTIONS, type CheckOptions, checkCommandLine, readCheck } from "../options.ts";

export interface DeployOptions extends CheckOptions {
  /** What deploys the app, as a shell takes it. */
  deploy: string;
  /** How long the traffic goes on once that has ended. */
  deployForMs: number;
  /** How long the command may take. */
  deployTimeoutMs: number;
}

/** check's own, for a run that has --deploy. */
export const deployCommandLine = commandLine({
  called: checkCommandLine.called,
  help: checkCommandLine.help,
  positionals: true,
  command: true,
  options: CHECK_OPTIONS,
  read(values, positionals, command): DeployOptions {
    const range = { minMs: 1000, maxMs: 3_600_000 };
    return {
      deploy: parseDeploy(values, command),
      ...readCheck(values, positionals, command),
      deployForMs: parseDurationMs("--deploy-for", values["deploy-for"] ?? "30s", { ...range, example: "30s" }),
      deployTimeoutMs: parseDurationMs("--deploy-timeout", values["deploy-timeout"] ?? "10m", {
        ...range,
        example: "10m",
      }),
    };
  },
});

/** @throws UsageError for none, and for what cannot be had beside it */
function parseDeploy(values: OptionValues<typeof CHECK_OPTIONS>, command: readonly string[]): string {
  const { deploy = "" } = values;
  if (deploy.trim() === "") {
    throw new UsageError('--deploy is empty, expected the command that deploys your app; e.g. --deploy "./deploy.sh"');
  }
  if (values.start !== undefined || command.length > 0) {
    throw new UsageError(
      "--start has no use with --deploy, whose command would end the app that was started: start it yourself, and leave --start out",
    );
  }
  const ofConfig = OF_CONFIG.find((name) => values[name] !== undefined);
  if (ofConfig !== undefined) {
    throw new UsageError(
      `--${ofConfig} has no use with --deploy, which takes one URL and no config file: give the URL, or leave --deploy out`,
    );
  }
  const beside = AIMING.find((name) => values[name] !== undefined && values[name] !== false);
  if (beside === undefined) return deploy;
  throw new UsageError(`--${beside} has no use with --deploy, which aims at nothing: leave one out`);
}

/** What only a check of a config file's targets heeds. */
const OF_CONFIG = ["config", "target", "at-once"] as const;

/** What only an aimed check heeds. */
const AIMING = ["through", "thorough", "aim", "connections", "max-wait", "framework", "k6-dashboard"] as const;
