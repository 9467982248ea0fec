import { parseArgs } from "node:util";
import { EXIT, UsageError } from "../../run/exit.ts";
import { examineParts } from "./examine.ts";
import { doctorTable } from "./table.ts";

const HELP = `npm run doctor -- [options]: what this needs, where it is, how to get it. Looks only, installs nothing.

  --json   one JSON object on standard output (npm -s run doctor -- --json keeps npm's own lines out)
  --help   this text

Exit code 0 when the demo can run, the set-up getting what is missing; 2 when you have to get something.`;

/** Prints every part. @returns 0 when the demo can run, 2 when something has to be got by hand */
export async function main(argv: string[]): Promise<number> {
  const options = parse(argv);
  if (options.help) {
    console.log(HELP);
    return EXIT.asExpected;
  }
  const report = await examineParts();
  console.log(options.json ? JSON.stringify(report, null, 2) : doctorTable(report));
  return report.ok ? EXIT.asExpected : EXIT.usageOrEnvironment;
}

function parse(argv: string[]): { json?: boolean; help?: boolean } {
  try {
    return parseArgs({ args: argv, options: { json: { type: "boolean" }, help: { type: "boolean" } } }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}; see npm run doctor -- --help`);
  }
}
