import { commandLine } from "../../cli/command-line.ts";
import { OUTPUT_OPTIONS, outputHelp, outputOf } from "../../cli/output-options.ts";

const help = (): string => `npm run parts -- [options]

Gets HAProxy, k6 and Toxiproxy ahead, as the first demo or check without
Docker would: from PATH, else the official release, checked against the sums
that alb502 holds, else built with Go. Says where each is, and which folder a
CI has to keep. (The package's own command: alb502 install.)

ALB502_MIRROR=https://HOST/PATH fetches releases there in place of
https://github.com; off fetches none.

${outputHelp("install.json", "install.json")}

Exit code: 0 when all parts are there, 2 when you have to get one, 130 interrupted.`;

export const installCommandLine = commandLine({
  called: "npm run parts",
  help,
  options: OUTPUT_OPTIONS,
  read: outputOf,
});
