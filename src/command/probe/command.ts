import { APP_LOG } from "../../app/start-app.ts";
import { RESULT_FILES } from "../../report/write.ts";
import { exitCodeOf } from "../../verdict/exit-code.ts";
import { resultCommand } from "../result-command.ts";
import { probeCommandLine } from "./options.ts";
import { probeAsked, probeFound } from "./result.ts";
import { runProbe } from "./run.ts";
import { tellProbe } from "./tell.ts";

/** npm run probe: the idle close of any HTTP/1.1 server, and what it means behind an LB. */
export const main = resultCommand({
  commandLine: probeCommandLine,
  run: runProbe,
  writes: [...RESULT_FILES, APP_LOG],
  asked: probeAsked,
  found: probeFound,
  tell: tellProbe,
  exitCode: ({ verdict }) => exitCodeOf(verdict, "safe"),
});
