import { commandLine, type OptionValues } from "../../../cli/command-line.ts";
import { parseDurationMs } from "../../../cli/values.ts";
import { UsageError } from "../../../run/exit.ts";
import { CHECK_OPTIONS, type CheckOptions, checkCommandLine, readCheck } from "../options.ts";

export interface DeployOptions extends CheckOptions {
  /** What deploys the app, as a shell takes it. */
  deploy: string;
  /** How long the traffic goes on once that has ended. */
  deployForMs: number;
}

/** check's own, for a run that has --deploy. */
export const deployCommandLine = commandLine({
  called: checkCommandLine.called,
  help: checkCommandLine.help,
  positionals: true,
  options: CHECK_OPTIONS,
  read(values, positionals): DeployOptions {
    return {
      ...readCheck(values, positionals),
      deploy: parseDeploy(values),
      deployForMs: parseDurationMs("--deploy-for", values["deploy-for"], {
        minMs: 1000,
        maxMs: 3_600_000,
        example: "30s",
      }),
    };
  },
});

/** @throws UsageError for none, and for what cannot be had beside it */
function parseDeploy(values: OptionValues<typeof CHECK_OPTIONS>): string {
  const { deploy = "", through, thorough } = values;
  if (deploy.trim() === "") {
    throw new UsageError('--deploy is empty, expected the command that deploys your app; e.g. --deploy "./deploy.sh"');
  }
  const beside = through === undefined ? (thorough ? "--thorough" : null) : "--through";
  if (beside !== null) throw new UsageError(`${beside} has no use with --deploy, which aims at nothing: leave one out`);
  return deploy;
}
