import { type ParseArgsConfig, parseArgs } from "node:util";
import { BEFORE_ARGUMENTS } from "../run/called.ts";
import { UsageError } from "../run/exit.ts";
import { IN_PACKAGE } from "../run/in-package.ts";
import { beginsWithProgram, portMissing } from "./target-url.ts";

/** What a command takes from its command line. */
export interface CommandLine<O> {
  /** How the command is called, for its hints: "npm run demo". */
  called: string;
  /** The text of --help. */
  help(): string;
  /** The names of its options, help among them. */
  names: readonly string[];
  /**
   * null = --help.
   * @throws UsageError naming the option, its value and what was expected
   */
  parse(argv: readonly string[]): O | null;
}

/** Options as node:util's parseArgs takes them. */
export type OptionsConfig = NonNullable<ParseArgsConfig["options"]>;

/** What parseArgs makes of them. */
export type OptionValues<C extends OptionsConfig> = ReturnType<typeof parseArgs<{ options: C }>>["values"];

/** Makes a command line from what is specific to a command; every command has --help. */
export function commandLine<const C extends OptionsConfig, O>(spec: {
  called: string;
  help: () => string;
  options: C;
  /** Whether it takes arguments that are not options. */
  positionals?: boolean;
  /** Whether it takes a command of the user's after a --, at its end. */
  command?: boolean;
  /** Turns texts into types. @throws UsageError as `parse` does */
  read: (values: OptionValues<C>, positionals: readonly string[], command: readonly string[]) => O;
}): CommandLine<O> {
  const { called, help, read, positionals: allowPositionals = false, command: takesCommand = false } = spec;
  const options = { ...spec.options, ...HELP_OPTION };
  return {
    called,
    help,
    names: Object.keys(options),
    parse(argv) {
      assertNotTakenByNpm(called, options);
      // Before its options are read for ours: `check -- java -jar app.jar`.
      if (takesCommand && argv[0] === "--" && beginsWithProgram(argv.slice(1))) throw portMissing(called);
      const { own, command } = takesCommand ? splitAtCommand(argv) : { own: argv, command: [] };
      const parsed = parseStrictly(called, { args: [...own], options, allowPositionals });
      const values = parsed.values as OptionValues<C> & { help?: boolean };
      if (values.help) return null;
      // `alb502 check --json -- 3000`: the -- is npm's, of habit.
      const isUrl = parsed.positionals.length === 0 && command.length === 1;
      return isUrl ? read(values, command, []) : read(values, parsed.positionals, command);
    },
  };
}

/** What stands before the -- and after it; one at the very beginning is the one that npm run wants. */
export function splitAtCommand(argv: readonly string[]): { own: readonly string[]; command: readonly string[] } {
  const args = argv[0] === "--" ? argv.slice(1) : argv;
  const at = args.indexOf("--");
  return at < 0 ? { own: args, command: [] } : { own: args.slice(0, at), command: args.slice(at + 1) };
}

const HELP_OPTION = { help: { type: "boolean" } } as const;

/**
 * Without the `--` npm takes `--lb-idle 5s` for a setting of its own, and the command would run with its default.
 * npm hands such settings on as npm_config_*.
 */
function assertNotTakenByNpm(called: string, options: OptionsConfig): void {
  const taken = Object.keys(options).find(
    (name) => !NPMS_OWN.has(name) && process.env[`npm_config_${name.replaceAll("-", "_")}`] !== undefined,
  );
  if (taken === undefined) return;
  const remedy = IN_PACKAGE
    ? `put it behind the command's name, and behind a -- where npm runs a script: ${called} ... --${taken}`
    : `put -- before the options: ${called} -- ...`;
  throw new UsageError(`npm took --${taken} for an option of its own: ${remedy}`);
}

/** Options of npm's own, which a user may have set for npm. */
const NPMS_OWN = new Set(["json", "yes", "help", "port", "body", "path", "method"]);

/** @throws UsageError for an unknown option, and for a missing or unexpected value */
function parseStrictly<T extends ParseArgsConfig>(called: string, config: T) {
  try {
    return parseArgs({ ...config, strict: true });
  } catch (error) {
    const { message } = error as Error;
    throw new UsageError(
      `${problemOf(message)}${ours(message, config)}; ${called}${BEFORE_ARGUMENTS} --help lists the options`,
    );
  }
}

/** What curl's option is called here, where the command has it. */
function ours(what: string, { options = {} }: ParseArgsConfig): string {
  const unknown = /^Unknown option '(-[^']*)'/.exec(what)?.[1] ?? "";
  const name = CURLS.get(unknown);
  if (name !== undefined && name in options) return `: it is --${name} here`;
  const instead = "header" in options ? CURLS_OTHERS.get(unknown) : undefined;
  return instead === undefined ? "" : `: ${instead}`;
}

const CURLS = new Map([
  ["--request", "method"],
  ["--data", "body"],
  ["--data-raw", "body"],
  ["--data-binary", "body"],
  ["--max-time", "max-wait"],
  ["-m", "max-wait"],
  ["--output", "out"],
  ["-o", "out"],
  ["--timeout", "max-wait"],
]);

/** Those that no option of ours stands for, and what does. */
const CURLS_OTHERS = new Map([
  ...["-b", "--cookie"].map((name) => [name, 'give it as --header "Cookie: NAME=VALUE"'] as const),
  ...["-u", "--user"].map(
    (name) => [name, 'give it as --header "Authorization: Basic ...", from a file: @FILE'] as const,
  ),
  ...["-A", "--user-agent"].map((name) => [name, 'give it as --header "User-Agent: NAME"'] as const),
  ...["-k"].map((name) => [name, "your app's certificate is not verified anyway: leave it out"] as const),
  ...["-L", "--location"].map((name) => [name, "a redirect is not followed: give the URL that it leads to"] as const),
  ...["-I", "--head"].map((name) => [name, "GET is what an LB's users send: leave it out"] as const),
  ...["--url"].map((name) => [name, "give the URL by itself"] as const),
  ...["-s", "-S", "-f", "-i", "-v", "--silent", "--include", "--verbose"].map(
    (name) => [name, "it is curl's, and does nothing here: leave it out"] as const,
  ),
]);

/** Node's words, without its hints. "Ambiguous" is a value that begins with a dash, which is most often a forgotten one. */
function problemOf(message: string): string {
  const [, option] = /^Option '(?:-\w, )?(--[\w-]+)' argument is ambiguous/.exec(message) ?? [];
  if (option !== undefined) {
    return `${option} has no value, but an option after it: give it one, or ${option}=-VALUE where it begins with a dash`;
  }
  return lowerFirst(message.split(/\. |\.?\n/, 1)[0]!);
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
