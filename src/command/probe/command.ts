import { tellGithub } from "../../report/github.ts";
import { resultJson, writeResult } from "../../report/write.ts";
import { createProgress } from "../../run/progress.ts";
import { withRun } from "../../run/run.ts";
import { VERSION } from "../../run/version.ts";
import { parseProbeOptions, probeHelp } from "./options.ts";
import { probeExitCode, probeResult } from "./probe-result.ts";
import { runProbe } from "./run-probe.ts";
import { tellProbe } from "./tell.ts";

/** npm run probe: the idle close of any HTTP/1.1 server, and what it means behind an LB. @returns the exit code */
export async function main(argv: string[]): Promise<number> {
  const startedAt = new Date();
  const options = parseProbeOptions(argv);
  if (options === null) {
    process.stdout.write(`${probeHelp()}\n`);
    return 0;
  }
  const progress = createProgress(options.json ? process.stderr : process.stdout);
  return withRun(progress, async (run) => {
    const result = probeResult(await runProbe(run, options), options, startedAt, VERSION);
    if (options.out !== null) writeResult(options.out, result);
    tellProbe(progress, result, options.out);
    tellGithub(result, progress, process.env);
    if (options.json) process.stdout.write(resultJson(result));
    return probeExitCode(result);
  });
}
