import { statSync } from "node:fs";
import { constants } from "node:os";
import { UsageError } from "../run/exit.ts";
import { type Given, givenLines } from "./given.ts";
import { fromWhereYouStand } from "./output-options.ts";
import { parseDurationMs, quoted } from "./values.ts";

/** As node:util's parseArgs takes them: how the user's app is started, by the names of Playwright's webServer. */
export const START_OPTIONS = {
  start: { type: "string" },
  "start-cwd": { type: "string" },
  "start-env": { type: "string", multiple: true },
  "start-timeout": { type: "string" },
  "reuse-existing-server": { type: "boolean" },
  "stop-signal": { type: "string" },
  "stop-timeout": { type: "string" },
} as const;

export const START_HELP = `  --start CMD      start the app by this command, wait until it answers at URL, and stop it in the end (docs/start.md);
                   or give the command after a --, at the end: ... 3000 -- npm start
  --start-cwd DIR  the folder in which it is started (default: this one)
  --start-env K=V  a variable for it, repeatable; @FILE has one a line: a secret is no argument
  --start-timeout T  how long it may take to answer (default 60s)
  --reuse-existing-server  use what listens at URL already, and let it be; without this it is in the way
  --stop-signal S  what its process group is sent in the end (default SIGTERM), and SIGKILL after
  --stop-timeout T  this time (default 5s)`;

/** What --start and the options around it say; all but the URL of an AppSpec (src/app/start-app.ts). */
export interface StartOptions {
  command: string | readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** The values that came from files. */
  secrets: readonly string[];
  timeoutMs: number;
  reuseExistingServer: boolean;
  gracefulShutdown: { signal: NodeJS.Signals; timeoutMs: number };
}

interface Values {
  start?: string | undefined;
  "start-cwd"?: string | undefined;
  "start-env"?: string[] | undefined;
  "start-timeout"?: string | undefined;
  "reuse-existing-server"?: boolean | undefined;
  "stop-signal"?: string | undefined;
  "stop-timeout"?: string | undefined;
}

/**
 * @param after the command after a --; empty where there is none
 * @returns null where no app is to be started
 * @throws UsageError naming the option and what was expected
 */
export function startOf(values: Values, after: readonly string[]): StartOptions | null {
  const command = commandOf(values.start, after);
  if (command === null) {
    const useless = Object.keys(START_OPTIONS).find((name) => values[name as keyof Values] !== undefined);
    if (useless === undefined) return null;
    throw new UsageError(`--${useless} has no use without a command that starts the app: add --start "npm start"`);
  }
  const given = (values["start-env"] ?? []).flatMap((text) => variablesIn(text));
  return {
    command,
    cwd: folderOf(values["start-cwd"]),
    env: Object.fromEntries(given.map(({ name, value }) => [name, value])),
    secrets: given.filter(({ isSecret }) => isSecret).map(({ value }) => value),
    timeoutMs: parseDurationMs("--start-timeout", values["start-timeout"] ?? "60s", {
      ...{ minMs: 100, maxMs: 3_600_000, example: "60s" },
    }),
    reuseExistingServer: values["reuse-existing-server"] ?? false,
    gracefulShutdown: {
      signal: parseSignal(values["stop-signal"] ?? "SIGTERM"),
      timeoutMs: parseDurationMs("--stop-timeout", values["stop-timeout"] ?? "5s", {
        ...{ minMs: 0, maxMs: 600_000, example: "5s" },
      }),
    },
  };
}

/** What result.json says of it: the command and its variables may hold secrets. */
export function startSettings(start: StartOptions | null) {
  if (start === null) return {};
  return { start: true, "reuse-existing-server": start.reuseExistingServer };
}

function commandOf(start: string | undefined, after: readonly string[]): StartOptions["command"] | null {
  if (start !== undefined && after.length > 0) {
    throw new UsageError("--start has a command, and so has the -- at the end: give it once");
  }
  if (start !== undefined && start.trim() === "") {
    throw new UsageError('--start is empty, expected the command that starts your app; e.g. --start "npm start"');
  }
  return start ?? (after.length > 0 ? after : null);
}

function folderOf(given: string | undefined): string {
  const folder = fromWhereYouStand(given ?? ".");
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw new UsageError(`--start-cwd is ${quoted(given ?? ".")}, expected a folder that is there`);
}

/** "NAME=value", or the lines of @FILE, whose values are secrets. @throws UsageError that shows no value */
function variablesIn(text: string) {
  const isSecret = text.startsWith("@");
  const lines: Given[] = isSecret
    ? givenLines("--start-env", text).filter(({ text }) => !/^\s*#/.test(text))
    : [{ text, where: "--start-env" }];
  return lines.map(({ text, where }) => {
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
    if (name !== undefined && !value!.includes("\0")) return { name, value: unquoted(value!, isSecret), isSecret };
    throw new UsageError(`${where} has no NAME=value in it; e.g. --start-env PORT=3000`);
  });
}

/** In a file, as in those that `node --env-file` takes, a value may stand in quotes; a shell has taken its own off. */
const unquoted = (value: string, inFile: boolean): string =>
  inFile ? (/^(["'])(.*)\1\s*$/.exec(value)?.[2] ?? value) : value;

function parseSignal(text: string): NodeJS.Signals {
  const name = text.toUpperCase().replace(/^(?!SIG)/, "SIG");
  if (STOPS.has(name) && name in constants.signals) return name as NodeJS.Signals;
  throw new UsageError(
    `--stop-signal is ${quoted(text)}, expected ${[...STOPS].join(", ")}; e.g. --stop-signal SIGINT`,
  );
}

/** What programs take for a wish to end. */
const STOPS = new Set(["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGKILL"]);
