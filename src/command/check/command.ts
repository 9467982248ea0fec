import { splitAtCommand } from "../../cli/command-line.ts";
import { exitCodeOf } from "../../verdict/exit-code.ts";
import { resultCommand } from "../result-command.ts";
import { configured } from "./config/command.ts";
import { isConfigured } from "./config/options.ts";
import { deploy } from "./deploy/command.ts";
import { checkCommandLine } from "./options.ts";
import { checkAsked, checkFound } from "./result.ts";
import { runCheck } from "./run.ts";
import { tellCheck } from "./tell.ts";

/**
 * npm run check: would an LB lose requests to this app? With --deploy: while it is deployed? With a config file: to each
 * of these?
 */
export const main = (argv: readonly string[]): Promise<number> => {
  if (splitAtCommand(argv).own.some((arg) => /^--deploy(=|$)/.test(arg))) return deploy(argv);
  return isConfigured(argv) ? configured(argv) : check(argv);
};

const check = resultCommand({
  commandLine: checkCommandLine,
  run: runCheck,
  asked: checkAsked,
  found: checkFound,
  extras: (seen) => seen,
  tell: tellCheck,
  exitCode: ({ verdict }, { expect }) => exitCodeOf(verdict, expect),
});
