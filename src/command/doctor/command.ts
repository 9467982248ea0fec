import { EXIT } from "../../run/exit.ts";
import { define } from "../define.ts";
import { doctorCommandLine } from "./options.ts";
import { DOCTOR_FOLDER, doctorJson } from "./result.ts";
import { runDoctor } from "./run.ts";
import { tellDoctor } from "./tell.ts";

/** npm run doctor: every part, where it is, and how to get what is missing. */
export const main = define({
  commandLine: doctorCommandLine,
  run: runDoctor,
  result: (report) => report,
  json: doctorJson,
  folder: DOCTOR_FOLDER,
  tell: tellDoctor,
  exitCode: ({ ok }) => (ok ? EXIT.asExpected : EXIT.usageOrEnvironment),
});
