import { define } from "../src/command/define.ts";
import { labExitCode } from "./exit-code.ts";
import { LAB_FOLDER, labJson } from "./folder.ts";
import { type LabOptions, labCommandLine } from "./options.ts";
import { LAB_SCHEMA, type LabResult } from "./record.ts";
import { runLab } from "./run-lab.ts";
import { tellLab } from "./tell.ts";

/** npm run lab: the field reports, as experiments. */
export const main = define<LabOptions, LabResult["experiments"], LabResult>({
  commandLine: labCommandLine,
  run: runLab,
  result: (experiments, _options, startedAt) => ({
    schema: LAB_SCHEMA,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    experiments,
  }),
  json: labJson,
  folder: LAB_FOLDER,
  tell: tellLab,
  exitCode: labExitCode,
});
