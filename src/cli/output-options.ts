import { realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "../run/exit.ts";
import { IN_PACKAGE } from "../run/in-package.ts";
import { ROOT } from "../run/root.ts";

/** As node:util's parseArgs takes them: where a result goes besides the terminal. */
export const JSON_OPTION = { json: { type: "boolean", default: false } } as const;
export const OUTPUT_OPTIONS = { out: { type: "string" }, ...JSON_OPTION } as const;

export interface OutputOptions {
  json: boolean;
  /** The folder in which files are kept, absolute; null = nowhere. */
  out: string | null;
}

/**
 * The last lines of a command's options.
 * @param kept what --out keeps: "report.html, result.json and the logs"
 * @param json the file that --json prints
 */
export const outputHelp = (kept: string, json = "result.json"): string =>
  `  --out DIR        keep ${kept} in DIR; replaces only what alb502 wrote there
  --json           print ${json} to standard output, and nothing else there${IN_PACKAGE ? "" : NPMS_OWN_LINES}
  --help           this text`;

const NPMS_OWN_LINES = " (npm -s keeps npm's own lines out)";

/** @throws UsageError for an --out without a value, as an unset variable leaves it: "" would be the current folder */
export function outputOf({ json, out }: { json: boolean; out?: string | undefined }): OutputOptions {
  if (out === undefined) return { json, out: null };
  if (out.trim() !== "") return { json, out: fromWhereYouStand(out) };
  throw new UsageError("--out is empty, expected a folder; e.g. --out results/today");
}

/**
 * A path as the person means it who typed the command. `npm run` goes to the folder of the package first, and says in
 * INIT_CWD where it was called: with `npm --prefix /opt/alb502 run check`, somewhere else.
 */
export function fromWhereYouStand(path: string, env: NodeJS.ProcessEnv = process.env, cwd = process.cwd()): string {
  // Both are set as well in a script of another package, or of this one, that calls this command by node: from a folder
  // of its own choice.
  const byOurNpm = env.INIT_CWD && env.npm_package_json && isSame(env.npm_package_json, join(ROOT, "package.json"));
  return byOurNpm && isSame(cwd, ROOT) ? resolve(env.INIT_CWD!, path) : resolve(cwd, path);
}

function isSame(file: string, other: string): boolean {
  try {
    return realpathSync(file) === realpathSync(other);
  } catch {
    return false;
  }
}

/** What can be known of them where another option is wrong. */
export function outputAsFarAsKnown(argv: readonly string[]): OutputOptions {
  const { values } = parseArgs({ args: [...argv], options: OUTPUT_OPTIONS, strict: false });
  const { json, out } = values;
  return { json: json === true, out: typeof out === "string" && out.trim() !== "" ? fromWhereYouStand(out) : null };
}
