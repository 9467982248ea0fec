import { EXIT } from "../../run/exit.ts";
import { define } from "../define.ts";
import { installCommandLine } from "./options.ts";
import { INSTALL_FOLDER, installJson } from "./result.ts";
import { runInstall } from "./run.ts";
import { tellInstall } from "./tell.ts";

/** alb502 install, in a clone npm run parts: gets HAProxy, k6 and Toxiproxy ahead. */
export const main = define({
  commandLine: installCommandLine,
  run: runInstall,
  result: (report) => report,
  json: installJson,
  folder: INSTALL_FOLDER,
  tell: tellInstall,
  exitCode: ({ ok }) => (ok ? EXIT.asExpected : EXIT.usageOrEnvironment),
});
