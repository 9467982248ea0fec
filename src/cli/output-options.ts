import { parseArgs } from "node:util";

/** As node:util's parseArgs takes them: where a result goes besides the terminal. */
export const JSON_OPTION = { json: { type: "boolean", default: false } } as const;
export const OUTPUT_OPTIONS = { out: { type: "string" }, ...JSON_OPTION } as const;

export interface OutputOptions {
  json: boolean;
  /** Where the files are kept; null = nowhere. */
  out: string | null;
}

/**
 * The last lines of a command's options.
 * @param kept what --out keeps: "report.html, result.json and the logs"
 * @param json the file that --json prints
 */
export const outputHelp = (kept: string, json = "result.json"): string =>
  `  --out DIR        keep ${kept} in DIR
  --json           print ${json} to standard output, and nothing else there (npm -s keeps npm's own lines out)
  --help           this text`;

export const outputOf = ({ json, out }: { json: boolean; out?: string | undefined }): OutputOptions => ({
  json,
  out: out ?? null,
});

/** What can be known of them where another option is wrong. */
export function outputAsFarAsKnown(argv: readonly string[]): OutputOptions {
  const { values } = parseArgs({ args: [...argv], options: OUTPUT_OPTIONS, strict: false });
  return { json: values.json === true, out: typeof values.out === "string" && values.out !== "" ? values.out : null };
}
