import { sourcesOf } from "../../diagnose/sources.ts";
import { createProgress } from "../../run/progress.ts";
import { withRun } from "../../run/run.ts";
import { exitCodeOf } from "./exit-code.ts";
import { DIAGNOSE_HELP, parseDiagnoseOptions } from "./options.ts";
import { runDiagnose } from "./run-diagnose.ts";
import { tellDiagnosis } from "./tell.ts";
import { diagnosisJson, prepareDiagnosis, writeDiagnosis } from "./write.ts";

/** npm run diagnose: the 5xx of an ALB's access logs, by their likely cause. @returns the exit code */
export async function main(argv: string[]): Promise<number> {
  const options = parseDiagnoseOptions(argv);
  if (options === null) {
    process.stdout.write(`${DIAGNOSE_HELP}\n`);
    return 0;
  }
  const progress = createProgress(options.json ? process.stderr : process.stdout);
  return withRun(progress, async (run) => {
    const sources = await sourcesOf(options.paths);
    if (options.out !== null) prepareDiagnosis(options.out);
    const diagnosis = await runDiagnose(run, sources);
    if (options.out !== null) writeDiagnosis(options.out, diagnosis);
    tellDiagnosis(progress, diagnosis, options.out);
    if (options.json) process.stdout.write(diagnosisJson(diagnosis));
    return exitCodeOf(diagnosis);
  });
}
