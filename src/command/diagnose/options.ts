import { commandLine, type OptionValues } from "../../cli/command-line.ts";
import {
  fromWhereYouStand,
  OUTPUT_OPTIONS,
  type OutputOptions,
  outputHelp,
  outputOf,
} from "../../cli/output-options.ts";
import type { Filter } from "../../diagnose/filter.ts";
import { called } from "../../run/called.ts";
import { UsageError } from "../../run/exit.ts";
import { FILTER_OPTIONS, filterOf } from "./filter-options.ts";

export interface DiagnoseOptions extends OutputOptions {
  /** Files and folders, absolute, and "-". */
  paths: readonly string[];
  filter: Filter;
  verbose: boolean;
}

const help = (): string => `${called("diagnose", "FILE... [options]")}

Reads an ALB's access logs and sorts every 5xx by its likely cause: the keep-alive race, a target that closed while it
worked, one that could not be connected to, a timeout, a deploy, the target's own errors. Starts nothing, sends nothing.

  FILE             a log, plain or gzipped whatever its name; a folder, searched for *.log and *.log.gz at any depth, as
                   aws s3 sync leaves it; - for standard input. Any number of them
  --from TIME      only requests that were answered then or later: a day or a time, UTC unless it says another zone
  --to TIME        only those before it; a day counts to its end: --from 2026-11-20 --to 2026-11-20 is that day
  --target ADDR    only requests to this target, with its port or with any; repeatable
  --route ROUTE    only requests for this route, as results show it (/users/:n), for a path of it, or for all that begin
                   with it (/users/*); repeatable
  --verbose        tell all: why for each cause, more lines, targets, hours and routes
  --csv            in place of the report, a row for each 5xx to standard output, or with --out to DIR/errors.csv
  --athena         in place of reading logs, print SQL for Amazon Athena that sorts the same causes where the logs lie, in
                   S3; give s3://BUCKET[/PREFIX]/AWSLogs/ACCOUNT/elasticloadbalancing/REGION in place of FILE, or replace
                   the placeholders; --from and --to choose the days
${outputHelp("report.html, summary.md and diagnosis.json", "diagnosis.json")}

Lines are quoted without their queries, which may be secrets. Memory does not grow with the log.

Exit code: 0 the LB made no 5xx (the target's own do not count), 1 it did: a keep-alive race or another one, 2 usage, or a
missing file, 3 no request in it, or none left, or it could not be read well enough to call it clean, 130 interrupted.`;

export const OPTIONS = {
  ...OUTPUT_OPTIONS,
  ...FILTER_OPTIONS,
  verbose: { type: "boolean", default: false },
  csv: { type: "boolean", default: false },
  athena: { type: "boolean", default: false },
} as const;

export const diagnoseCommandLine = commandLine({
  called: called("diagnose"),
  help,
  positionals: true,
  options: OPTIONS,
  read: readOptions,
});

/** @throws UsageError naming what is wrong */
export function readOptions(values: OptionValues<typeof OPTIONS>, paths: readonly string[]): DiagnoseOptions {
  if (paths.length === 0)
    throw new UsageError(`no log is named: ${called("diagnose", "FILE")}, a folder, or - for standard input`);
  return {
    ...outputOf(values),
    paths: paths.map((path) => (path === "-" ? path : fromWhereYouStand(path))),
    filter: filterOf(values),
    verbose: values.verbose,
  };
}
