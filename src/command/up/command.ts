import { EXIT } from "../../run/exit.ts";
import { resultCommand } from "../result-command.ts";
import { upCommandLine } from "./options.ts";
import { upAsked, upFound } from "./result.ts";
import { runUp } from "./run.ts";
import { tellUp } from "./tell.ts";

/** npm run up: the simulated LB, kept up in front of somebody's own app. Ctrl-C is its usual end. */
export const main = resultCommand({
  commandLine: upCommandLine,
  run: runUp,
  asked: upAsked,
  found: upFound,
  tell: tellUp,
  exitCode: () => EXIT.interrupted,
});
