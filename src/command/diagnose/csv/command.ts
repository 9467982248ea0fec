import { writeFileSync } from "node:fs";
import { commandLine } from "../../../cli/command-line.ts";
import type { Diagnosis } from "../../../diagnose/diagnosis.ts";
import { sourcesOf } from "../../../diagnose/sources.ts";
import { prepareFolder } from "../../../report/write.ts";
import { UsageError } from "../../../run/exit.ts";
import { keepFile } from "../../../run/out-folder.ts";
import { define } from "../../define.ts";
import { type DiagnoseOptions, diagnoseCommandLine, OPTIONS, readOptions } from "../options.ts";
import { diagnosisExitCode } from "../result.ts";
import { writeErrors } from "./run.ts";

const FILE = "errors.csv";

/** npm run diagnose -- --csv FILE...: a row for each 5xx, to standard output or into the folder of --out. */
export const csv = define<DiagnoseOptions, Diagnosis, Diagnosis>({
  commandLine: commandLine({
    called: diagnoseCommandLine.called,
    help: diagnoseCommandLine.help,
    positionals: true,
    options: OPTIONS,
    read(values, paths): DiagnoseOptions {
      if (values.json) throw new UsageError("--csv and --json both want standard output: leave one out");
      // As with --json: standard output is the rows', and all else goes to standard error.
      return { ...readOptions(values, paths), json: true };
    },
  }),
  run: async (run, { paths, out, filter }, begin) => {
    const sources = await sourcesOf(paths);
    if (out === null) return writeErrors(run, sources, filter, (text) => void process.stdout.write(text));
    begin();
    return keepFile(out, FILE, (file) => writeErrors(run, sources, filter, (text) => writeFileSync(file, text)));
  },
  result: (diagnosis) => diagnosis,
  json: () => "", // written row by row
  folder: { prepare: (path) => prepareFolder(path, [FILE]), write: () => {} },
  tell({ line }, { verdict, reasons }, { out }) {
    line(`${verdict.toUpperCase()}: ${reasons[0]}`);
    if (out !== null) line(`${FILE} is in ${out}`);
  },
  exitCode: diagnosisExitCode,
});
