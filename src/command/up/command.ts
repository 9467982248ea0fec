import { prepareFolder, resultJson, writeResult } from "../../report/write.ts";
import { createProgress } from "../../run/progress.ts";
import { withRun } from "../../run/run.ts";
import { VERSION } from "../../run/version.ts";
import { parseUpOptions, upHelp } from "./options.ts";
import { runUp } from "./run-up.ts";
import { upResult } from "./up-result.ts";

/** npm run up: the simulated LB, kept up in front of somebody's own app. @returns the exit code */
export async function main(argv: string[]): Promise<number> {
  const startedAt = new Date();
  const options = parseUpOptions(argv);
  if (options === null) {
    process.stdout.write(`${upHelp()}\n`);
    return 0;
  }
  const progress = createProgress(options.json ? process.stderr : process.stdout);
  return withRun(progress, (run) => {
    if (options.out !== null) prepareFolder(options.out);
    return runUp(run, options, (seen) => {
      const result = upResult(seen, options, startedAt, VERSION);
      if (options.out !== null) writeResult(options.out, result);
      if (options.json) process.stdout.write(resultJson(result));
    });
  });
}
