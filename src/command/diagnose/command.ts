import { sourcesOf } from "../../diagnose/sources.ts";
import { define } from "../define.ts";
import { athena } from "./athena/command.ts";
import { csv } from "./csv/command.ts";
import { diagnoseCommandLine } from "./options.ts";
import { DIAGNOSIS_FOLDER, diagnosisExitCode, diagnosisJson } from "./result.ts";
import { runDiagnose } from "./run.ts";
import { tellDiagnosis } from "./tell.ts";

/**
 * npm run diagnose: the 5xx of an ALB's access logs, by their likely cause. Each of --athena and --csv is a command of its
 * own, with a result of its own.
 */
export const main = (argv: readonly string[]): Promise<number> =>
  (argv.includes("--athena") ? athena : argv.includes("--csv") ? csv : diagnose)(argv);

const diagnose = define({
  commandLine: diagnoseCommandLine,
  run: async (run, { paths, filter }) => runDiagnose(run, await sourcesOf(paths), filter),
  result: (diagnosis) => diagnosis,
  json: diagnosisJson,
  folder: DIAGNOSIS_FOLDER,
  tell: tellDiagnosis,
  exitCode: diagnosisExitCode,
});
