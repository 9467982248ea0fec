import { closeSync, openSync, readSync } from "node:fs";
import { UsageError } from "../run/exit.ts";
import { fromWhereYouStand } from "./output-options.ts";

/** One value as it was given, and where, as errors name that: they never show the value. */
export interface Given {
  text: string;
  where: string;
}

/**
 * The headers of the request: each --header, or the lines of its @FILE; and those of ALB502_HEADERS whose names are not
 * among these. In files and variables nobody sees them in the list of processes.
 * @throws UsageError for a file that cannot be read
 */
export function givenHeaders(texts: readonly string[], env: NodeJS.ProcessEnv = process.env): Given[] {
  const given = texts.flatMap((text) => (text.startsWith("@") ? headersIn(text) : [{ text, where: "--header" }]));
  const named = new Set(given.map(nameOf));
  const preset = linesOf(env.ALB502_HEADERS ?? "", "ALB502_HEADERS");
  return [...given, ...preset.filter((one) => !named.has(nameOf(one)))];
}

/**
 * The value of an option that may be a secret: its text, its @FILE as it stands, or the variable. An empty variable is
 * an unset one.
 * @throws UsageError for a file that cannot be read
 */
export function givenText(
  option: "--body" | "--path",
  text: string | undefined,
  preset: string | undefined,
): string | undefined {
  if (text === undefined) return preset || undefined;
  return text.startsWith("@") ? textOf(option, text, MOST_BODY_BYTES) : text;
}

function headersIn(atFile: string): Given[] {
  const headers = givenLines("--header", atFile);
  if (headers.length > 0) return headers;
  throw new UsageError(`--header ${JSON.stringify(atFile)} holds no header; expected one a line, "Name: value"`);
}

/** The lines of an option's @FILE, but for empty ones. @throws UsageError for a file that cannot be read */
export function givenLines(option: string, atFile: string): Given[] {
  const name = JSON.stringify(atFile); // keeps a name with a line break on the one line
  return linesOf(textOf(option, atFile, MOST_HEADER_BYTES), `${option} ${name}`);
}

/** One header a line, as curl takes them: empty lines are left out. */
const linesOf = (text: string, from: string): Given[] =>
  text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line, i) => ({ text: line, where: `${from}, line ${i + 1},` }))
    .filter(({ text }) => text.trim() !== "");

const nameOf = ({ text }: Given): string => text.split(":", 1)[0]!.trim().toLowerCase();

/** An LB takes 16 kB of headers at most. */
const MOST_HEADER_BYTES = 64_000;
/** It is sent some hundred times. */
const MOST_BODY_BYTES = 10_000_000;

/** What "@FILE" holds; "@-" is standard input. */
function textOf(option: string, atFile: string, mostBytes: number): string {
  const name = atFile.slice(1);
  const problem = (what: string) =>
    new UsageError(`${option} ${JSON.stringify(atFile)} ${what}; expected @ and the name of a file, or @-`);
  if (name === "") throw problem("names no file");
  const bytes = read(name === "-" ? 0 : fromWhereYouStand(name), mostBytes, problem);
  try {
    // As it stands, a BOM included.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw problem("holds bytes that are no UTF-8 text");
  }
}

/** To its end, and never more than `mostBytes`: it may be a pipe or a device. */
function read(file: string | 0, mostBytes: number, problem: (what: string) => UsageError): Buffer {
  const bytes = Buffer.alloc(mostBytes + 1);
  let length = 0;
  try {
    const fd = file === 0 ? 0 : openSync(file, "r");
    try {
      for (let more = 1; more > 0 && length <= mostBytes; length += more)
        more = readSync(fd, bytes, length, bytes.length - length, null);
    } finally {
      if (fd !== 0) closeSync(fd);
    }
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw problem(`cannot be read (${PROBLEMS[code] ?? code})`);
  }
  if (length > mostBytes) throw problem(`holds more than ${mostBytes / 1000} kB`);
  return bytes.subarray(0, length);
}

const PROBLEMS: Record<string, string> = { ENOENT: "no such file", EISDIR: "a folder", EACCES: "no permission" };
