import type { Result } from "../../../record/result.ts";
import type { Results } from "../../../record/results.ts";
import { keptLine } from "../../../report/headline.ts";
import { writeRefusal } from "../../../report/refusal.ts";
import {
  RESULTS_FILES,
  resultsFiles,
  resultsJson,
  resultsRows,
  resultsSentence,
  tellGithubResults,
} from "../../../report/results.ts";
import { textTable } from "../../../report/table.ts";
import { prepareFolder, writeTogether } from "../../../report/write.ts";
import { EXIT } from "../../../run/exit.ts";
import type { Progress } from "../../../run/progress.ts";
import { define } from "../../define.ts";
import { sinceMs } from "../../result-command.ts";
import { type ConfiguredOptions, configuredCommandLine } from "./options.ts";
import { resultsOf } from "./result.ts";
import { runConfigured, type TargetEnd } from "./run.ts";

/** npm run check, where a config file has the targets: each of them, and one report. */
export const configured = define<ConfiguredOptions, readonly TargetEnd[], Results>({
  commandLine: configuredCommandLine,
  run: runConfigured,
  result: (ends, options, startedAt) => resultsOf(ends, options, { startedAt, durationMs: sinceMs(startedAt) }),
  json: resultsJson,
  folder: {
    prepare: (path) => prepareFolder(path, RESULTS_FILES),
    write: (path, results, ends) => writeTogether(path, resultsFiles(results, byName(ends ?? []))),
    refuse: (path, refusal) => writeRefusal(path, refusal, process.env),
  },
  tell,
  tellGithub: (results, progress) => tellGithubResults(results, progress, process.env),
  exitCode: ({ exitCode }) => exitCode,
});

const byName = (ends: readonly TargetEnd[]): Map<string, Result> =>
  new Map(ends.flatMap(({ target, end }) => ("result" in end ? [[target.name, end.result] as const] : [])));

function tell(progress: Progress, results: Results, { out }: ConfiguredOptions): void {
  const held = results.exitCode === EXIT.asExpected;
  progress.line(`\n${textTable(resultsRows(results))}\n`);
  progress.line(progress.paint(held ? "bold" : ["bold", "red"], resultsSentence(results)));
  for (const { name, reason, advice, exitCode } of results.targets) {
    if (exitCode === EXIT.asExpected) continue;
    progress.line(`- ${name}: ${reason}`);
    if (advice !== null) progress.line(`    ${advice}`);
  }
  progress.line(`\n${keptLine(out)}`);
}
