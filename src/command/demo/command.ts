import type { Result } from "../../record/result.ts";
import { setting } from "../../record/units.ts";
import { tellGithub } from "../../report/github.ts";
import { keptLine } from "../../report/headline.ts";
import { terminalPicture } from "../../report/picture/text.ts";
import { sentenceOf } from "../../report/sentence.ts";
import { terminalTable } from "../../report/table.ts";
import { resultJson, writeResult } from "../../report/write.ts";
import { createProgress } from "../../run/progress.ts";
import { withRun } from "../../run/run.ts";
import { VERSION } from "../../run/version.ts";
import { demoExitCode, demoResult } from "./demo-result.ts";
import { FIXES } from "./fixes.ts";
import { DEMO_HELP, parseDemoOptions } from "./options.ts";
import { runDemo } from "./run-demo.ts";

/** npm run demo: the 502 before the fix, and none after. @returns the exit code */
export async function main(argv: string[]): Promise<number> {
  const startedAt = new Date();
  const options = parseDemoOptions(argv);
  if (options.help) {
    process.stdout.write(`${DEMO_HELP}\n`);
    return 0;
  }
  const progress = createProgress(options.json ? process.stderr : process.stdout);
  return withRun(progress, async (run) => {
    const seen = await runDemo(run, options);
    const result = demoResult(seen, options, startedAt, VERSION);
    if (options.out !== null) writeResult(options.out, result, { logs: seen.logs, k6Dashboards: seen.dashboards });

    const held = result.verdict === "reproduced";
    progress.line(probeLine(result));
    progress.line(`\n${terminalTable(result)}\n${TABLE_KEY}\n`);
    terminalPicture(result, progress);
    progress.line(progress.paint(held ? "bold" : ["bold", "red"], sentenceOf(result)));
    if (held) progress.line(`\nThe fix:\n${FIXES[options.fix].paste.map((line) => `  ${line}`).join("\n")}\n`);
    progress.line(keptLine(options.out));
    tellGithub(result, progress, process.env);
    if (options.json) process.stdout.write(resultJson(result));
    return demoExitCode(result);
  });
}

const TABLE_KEY = `in window: sent when the close was expected, settled before sending; both runs use the same gaps
lost in all: beyond the window's edges too, which are known to about half a millisecond
reused: answered on the idle connection; fresh: it was gone, and the LB opened another`;

function probeLine({ probe, lb }: Result): string {
  const claim =
    probe.claimedMs === null ? "its header promises nothing" : `its Keep-Alive header says ${setting(probe.claimedMs)}`;
  return `probe: ${probe.outcome}, ${claim}; the LB keeps them ${setting(lb.idleTimeoutMs)}: ${probe.verdict}`;
}
