import { parseArgs } from "node:util";
import { commandLine, type OptionsConfig, splitAtCommand } from "../../../cli/command-line.ts";
import { fromWhereYouStand, type OutputOptions, outputOf } from "../../../cli/output-options.ts";
import { parseWholeNumber } from "../../../cli/values.ts";
import { docPage } from "../../../run/doc-page.ts";
import { UsageError } from "../../../run/exit.ts";
import { CHECK_OPTIONS, checkCommandLine } from "../options.ts";
import { configIn } from "./load.ts";

export interface ConfiguredOptions extends OutputOptions {
  /** The config file, absolute. */
  file: string;
  /** Names of targets; none = all. */
  picked: readonly string[];
  /** null = the config's, or 3. */
  atOnce: number | null;
}

/** Without their defaults: what has a value was given. */
const GIVEN = Object.fromEntries(
  Object.entries(CHECK_OPTIONS as OptionsConfig).map(([name, { default: _, ...option }]) => [name, option]),
) as OptionsConfig;

/** check's own, for a run whose targets are in a config file. */
export const configuredCommandLine = commandLine({
  called: checkCommandLine.called,
  help: checkCommandLine.help,
  positionals: true,
  options: GIVEN,
  read(values, positionals): ConfiguredOptions {
    const { config, target, "at-once": atOnce, out, json, ...foreign } = values as Given;
    const [other] = Object.keys(foreign);
    const file = config === undefined ? configIn(fromWhereYouStand(".")) : fromWhereYouStand(config);
    if (positionals.length > 0 || file === null) throw new UsageError(urlOrConfig(positionals[0]));
    if (other !== undefined) {
      throw new UsageError(
        `--${other} is for a URL, and here a config file says it: put it there (${docPage("config.md")}), or give the URL and no --config`,
      );
    }
    return {
      ...outputOf({ json: json ?? false, out }),
      file,
      picked: target ?? [],
      atOnce: atOnce === undefined ? null : parseWholeNumber("--at-once", atOnce, { min: 1, max: 8 }),
    };
  },
});

interface Given extends Record<string, unknown> {
  config?: string;
  target?: string[];
  "at-once"?: string;
  out?: string;
  json?: boolean;
}

const urlOrConfig = (url: string | undefined): string =>
  url === undefined
    ? "no alb502.config.json or .ts is here: name one by --config, or give a URL"
    : "a URL was given, and options of a config file's targets: expected one of the two; leave the URL out, or --config, --target and --at-once";

/**
 * Whether a config file has the targets: where an option says so, or where no URL is given and such a file is here. A URL
 * alone is checked by what the command line says: no file is read that somebody may have forgotten.
 */
export function isConfigured(argv: readonly string[]): boolean {
  // A lone word after the -- is the URL, of npm's habit; more are the command that starts the app, which needs one.
  const { own, command } = splitAtCommand(argv);
  const { values, positionals } = parseArgs({ args: [...own], options: GIVEN, strict: false });
  if (values.help === true) return false;
  if (["config", "target", "at-once"].some((name) => values[name] !== undefined)) return true;
  return positionals.length + command.length === 0 && configIn(fromWhereYouStand(".")) !== null;
}
