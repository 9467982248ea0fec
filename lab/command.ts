import { define } from "../src/command/define.ts";
import { labExitCode } from "./exit-code.ts";
import { LAB_FOLDER, labJson } from "./folder.ts";
import { type LabOptions, labCommandLine } from "./options.ts";
import { type LabResult, labResult } from "./record.ts";
import { runLab } from "./run-lab.ts";
import { tellLab } from "./tell.ts";

/** npm run lab: the field reports, as experiments. */
export const main = define<LabOptions, LabResult["experiments"], LabResult>({
  commandLine: labCommandLine,
  run: runLab,
  result: labResult,
  json: labJson,
  folder: LAB_FOLDER,
  tell: tellLab,
  exitCode: labExitCode,
});
