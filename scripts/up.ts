import { createProgress } from "../src/cli/progress.ts";
import { withRun } from "../src/cli/run.ts";
import { VERSION } from "../src/cli/version.ts";
import { prepareFolder, resultJson, writeResult } from "../src/report/write.ts";
import { parseUpOptions, upHelp } from "../src/up/options.ts";
import { runUp } from "../src/up/run-up.ts";
import { upResult } from "../src/up/up-result.ts";

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
