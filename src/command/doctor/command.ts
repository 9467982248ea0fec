import { parseArgs } from "node:util";
import { EXIT, UsageError } from "../../run/exit.ts";
import { removeLeftBehind } from "../../stage/left-behind.ts";
import { examineParts } from "./examine.ts";
import { doctorTable } from "./table.ts";

const HELP = `npm run doctor -- [options]: what this needs, where it is, how to get it. Installs nothing.
Removes what a killed run has left behind.

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
  const removed = await removeLeftBehind(report.docker);
  const table = () => [doctorTable(report), ...(removed === null ? [] : ["", removed])].join("\n");
  console.log(options.json ? JSON.stringify({ ...report, removed }, null, 2) : table());
  return report.ok ? EXIT.asExpected : EXIT.usageOrEnvironment;
}

function parse(argv: string[]): { json?: boolean; help?: boolean } {
  try {
    return parseArgs({ args: argv, options: { json: { type: "boolean" }, help: { type: "boolean" } } }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}; see npm run doctor -- --help`);
  }
}
