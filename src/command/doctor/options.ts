import { commandLine } from "../../cli/command-line.ts";
import { OUTPUT_OPTIONS, outputHelp, outputOf } from "../../cli/output-options.ts";
import { called } from "../../run/called.ts";

const help = (): string => `${called("doctor", "[options]")}

What this needs, where it is, how to get it. Installs nothing; removes what a
killed run (kill -9) has left behind.

${outputHelp("doctor.json", "doctor.json")}

Exit code: 0 when the demo can run, the set-up getting what is missing; 2 when you have to get something.`;

export const doctorCommandLine = commandLine({
  called: called("doctor"),
  help,
  options: OUTPUT_OPTIONS,
  read: outputOf,
});
