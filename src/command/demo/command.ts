import { exitCodeOf } from "../../verdict/exit-code.ts";
import { resultCommand } from "../result-command.ts";
import { demoCommandLine } from "./options.ts";
import { demoAsked, demoFound } from "./result.ts";
import { runDemo } from "./run.ts";
import { tellDemo } from "./tell.ts";

/** npm run demo: the 502 before the fix, and none after. */
export const main = resultCommand({
  commandLine: demoCommandLine,
  run: runDemo,
  asked: demoAsked,
  found: demoFound,
  extras: (seen) => seen,
  tell: tellDemo,
  exitCode: ({ verdict }) => exitCodeOf(verdict, "reproduced"),
});
