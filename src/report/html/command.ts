import type { Result } from "../../record/result.ts";
import { called } from "../../run/called.ts";

/** The command that repeats the run, from its settings; a header's value and a body are not kept. */
export function commandOf({ command, settings }: Pick<Result, "command" | "settings">): string {
  const { url, path, ...options } = settings;
  const target =
    typeof url === "string" ? [quoted(`${url}${command === "check" || command === "probe" ? pathOf(path) : ""}`)] : [];
  const words = Object.entries(options).flatMap(([name, value]) => (READ_ONLY.has(name) ? [] : optionOf(name, value)));
  const through = settings.through ? ["--yes"] : [];
  const out = settings["k6-dashboard"] ? ["--out results"] : []; // the dashboard needs a folder
  return called(command, [...target, ...words, ...through, ...out].join(" "));
}

/** Whether that command has … in place of something that may be a secret and is not kept. */
export const leavesOut = ({ settings }: Pick<Result, "settings">): boolean =>
  [...SECRET].some((name) => settings[name] === true) || (Array.isArray(settings.header) && settings.header.length > 0);

/** What may be a secret, of which only is kept that it was given. */
const SECRET = new Set(["body", "start", "deploy"]);

/** Of `up`: where the LB listened. */
const READ_ONLY = new Set(["lb"]);

const pathOf = (path: Result["settings"][string] | undefined): string =>
  typeof path === "string" && path !== "/" ? path : "";

function optionOf(option: string, value: Result["settings"][string]): string[] {
  const name = `--${option}`;
  if (option === "header" && Array.isArray(value)) return value.map((header) => `${name} ${quoted(`${header}: …`)}`);
  if (SECRET.has(option)) return value === true ? [`${name} ${quoted("…")}`] : [];
  if (value === null || value === false || (Array.isArray(value) && value.length === 0)) return [];
  if (value === true) return [name];
  return [`${name} ${quoted(`${Array.isArray(value) ? value.join(",") : value}`)}`];
}

/** For a POSIX shell. */
const quoted = (word: string): string =>
  /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replace(/\s+/g, " ").replaceAll("'", "'\\''")}'`;
