import type { Result } from "../../record/result.ts";
import { tellGithub } from "../../report/github.ts";
import type { ReportExtras } from "../../report/html/report.ts";
import { prepareFolder, resultJson, writeResult } from "../../report/write.ts";
import { InconclusiveError } from "../../run/exit.ts";
import { createProgress } from "../../run/progress.ts";
import { type Run, withRun } from "../../run/run.ts";
import { VERSION } from "../../run/version.ts";
import { checkExitCode, checkResult, type Frame, unfinishedResult } from "./check-result.ts";
import { checkHelp, parseCheckOptions } from "./options.ts";
import { runCheck } from "./run-check.ts";
import { tellCheck } from "./tell.ts";

/** npm run check: would an LB lose requests to this app? @returns the exit code */
export async function main(argv: string[]): Promise<number> {
  const startedAt = new Date();
  const options = parseCheckOptions(argv);
  if (options === null) {
    process.stdout.write(`${checkHelp()}\n`);
    return 0;
  }
  const progress = createProgress(options.json ? process.stderr : process.stdout);
  return withRun(progress, async (run) => {
    if (options.out !== null) prepareFolder(options.out);
    const { result, extras } = await resultOf(run, { options, startedAt, version: VERSION });
    if (options.out !== null) writeResult(options.out, result, extras);
    tellCheck(progress, result, options);
    tellGithub(result, progress, process.env);
    if (options.json) process.stdout.write(resultJson(result));
    return checkExitCode(result, options);
  });
}

/** A run that ends without evidence has a result too: a CI job reads it. */
async function resultOf(run: Run, frame: Frame): Promise<{ result: Result; extras: ReportExtras }> {
  try {
    const seen = await runCheck(run, frame.options);
    return { result: checkResult(seen, frame), extras: { logs: seen.logs, k6Dashboards: seen.dashboards } };
  } catch (error) {
    run.signal.throwIfAborted();
    if (error instanceof InconclusiveError) return { result: unfinishedResult(`${error.message}.`, frame), extras: {} };
    throw error;
  }
}
