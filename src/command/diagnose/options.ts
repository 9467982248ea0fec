import { parseOptions } from "../../cli/parse-options.ts";
import { UsageError } from "../../run/exit.ts";

export interface DiagnoseOptions {
  /** Files, folders and "-". */
  paths: string[];
  json: boolean;
  /** Where the files are kept; null = nowhere. */
  out: string | null;
}

export const DIAGNOSE_HELP = `npm run diagnose -- FILE... [options]

Reads an ALB's access logs and sorts every 5xx by its likely cause: the keep-alive race, a target that closed while it
worked, one that could not be connected to, a timeout, a deploy, the target's own errors. Starts nothing, sends nothing.

  FILE             a log, plain or gzipped whatever its name; a folder, searched for *.log and *.log.gz at any depth, as
                   aws s3 sync leaves it; - for standard input. Any number of them
  --out DIR        keep diagnosis.json and summary.md in DIR
  --json           print diagnosis.json to standard output, and nothing else there
  --help           this text

Lines are quoted without their queries, which may be secrets. Memory does not grow with the log.

Exit code: 0 the LB made no 5xx (the target's own do not count), 1 it did: a keep-alive race or another one, 2 usage, or a
file that is not there, 3 no request in it, or it could not be read well enough to call it clean, 130 interrupted.`;

/**
 * null = --help.
 * @throws UsageError naming what is wrong
 */
export function parseDiagnoseOptions(argv: readonly string[]): DiagnoseOptions | null {
  const { values, positionals } = parseOptions("npm run diagnose", argv, {
    allowPositionals: true,
    options: {
      out: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  if (positionals.length === 0)
    throw new UsageError("no log is named: npm run diagnose -- FILE, a folder, or - for standard input");
  return { paths: positionals, json: values.json, out: values.out ?? null };
}
