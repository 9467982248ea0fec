import { columnsOf, type Delimiter, delimiterOf } from "./columns.ts";
import { entriesIn, jsonEntry } from "./json-lines.ts";
import { isHeader, lineOfNamed, plainName } from "./named-fields.ts";
import { isTestFile, otherLogOf } from "./other-logs.ts";
import { readLine } from "./parse.ts";
import type { Split } from "./split.ts";

/** What a line of a file is. */
export type Form =
  /** A request: its line in the ALB's own form, which the split belongs to. */
  | { line: string; prefixed: boolean }
  /** Of another log, "a CloudFront access log". */
  | { other: string }
  | { malformed: string }
  /** A header, a comment, what is between the lines. */
  | null;

/** Reads the lines of one file, in whatever form they came: it remembers the header. */
export interface Forms {
  /** Whether fields stand where a header says, and not where the ALB's own log has them. */
  named(): boolean;
  /** @returns one for each request in the line; JSON may have several on one */
  read(line: string, split: Split): Iterable<Form>;
}

export function createForms(): Forms {
  let header: { names: string[]; delimiter: Delimiter } | null = null;

  const readOne = (line: string, split: Split): Form => {
    if (header === null) {
      const form = positional(line, split);
      if (form !== undefined) return form;
    }
    const text = withoutPrefix(line);
    if (text.trim() === "" || IS_BETWEEN.test(text)) return null;
    const names = namesIn(text);
    if (names !== null) {
      header = names;
      return null;
    }
    if (header !== null && text[0] !== "{") return inColumns(text, header, split) ?? unknown(line, split);
    const entry = jsonEntry(text);
    if (entry !== null) {
      if (typeof entry === "string") return entry === line ? unknown(line, split) : readOne(entry, split);
      return named(entry, split) ?? unknown(text, split);
    }
    const plain = positional(text, split);
    if (plain !== undefined && plain !== null && "line" in plain)
      return { ...plain, prefixed: text.length < line.length - BOM.length };
    return delimited(text, split) ?? unknown(text, split);
  };

  return {
    named: () => header !== null,
    *read(line, split) {
      const several = header === null ? entriesIn(line) : null;
      if (several === null) yield readOne(line, split);
      else for (const one of several) yield readOne(one, split);
    },
  };
}

/** A line in the ALB's own form; undefined where it is not one. */
const positional = (line: string, split: Split): Form | undefined =>
  readLine(line, split) === null ? { line, prefixed: false } : undefined;

/** The ALB's own fields in their order, apart by tabs or commas. */
function delimited(line: string, split: Split): Form | undefined {
  const found = /^"?[a-z]\w{1,5}"?([\t,])"?\d{4}-/.exec(line);
  if (found === null) return undefined;
  const columns = columnsOf(line.trimEnd(), found[1] as Delimiter);
  const plain = columns.map((column, i) => (QUOTED_AT.has(i) ? `"${column.replaceAll('"', "\\x22")}"` : column));
  return positional(plain.join(" "), split);
}

/** request, user_agent and so on (fields.ts). */
const QUOTED_AT = new Set([12, 13, 17, 18, 19, 22, 23, 24, 25, 26, 27, 28, 30, 31, 32]);

function inColumns(
  line: string,
  { names, delimiter }: { names: string[]; delimiter: Delimiter },
  split: Split,
): Form | undefined {
  const columns = columnsOf(line.trimEnd(), line.includes("\t") ? "\t" : delimiter);
  if (columns.length < names.length) return undefined;
  const values = new Map(names.map((name, i) => [name, columns[i]!]));
  const message = values.get("message");
  // A row of CloudWatch's events: the line is one of its columns.
  if (message !== undefined && !values.has("elb_status_code"))
    return positional(message, split) ?? jsonForm(message, split);
  return named(values, split);
}

function jsonForm(text: string, split: Split): Form | undefined {
  const entry = jsonEntry(text);
  return entry === null || typeof entry === "string" ? undefined : named(entry, split);
}

function named(values: ReadonlyMap<string, string>, split: Split): Form | undefined {
  const found = lineOfNamed(values);
  if (found === null) return undefined;
  if ("missing" in found) return { malformed: `it has no ${found.missing}, without which no cause can be told` };
  const problem = readLine(found.line, split);
  return problem === null ? { line: found.line, prefixed: false } : { malformed: problem };
}

/** W3C's "#Fields: ...", or a first line of names. */
function namesIn(line: string): { names: string[]; delimiter: Delimiter } | null {
  const text = line.startsWith("#Fields:") ? line.slice("#Fields:".length).trim() : line;
  if (!/elb_?status_?code|@?message/i.test(text.slice(0, 5000)) || text.length > 5000 || text[0] === "{") return null;
  const delimiter = delimiterOf(text);
  const names = columnsOf(text, delimiter).map(plainName);
  return isHeader(names) ? { names, delimiter } : null;
}

/**
 * Without what a tool puts before each line: the file's name and the line's number (grep, zgrep), times and streams (aws
 * logs tail), a byte order mark in the middle of joined files, grep's colours.
 */
function withoutPrefix(whole: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those of grep --color
  const line = whole.includes("\x1b[") ? whole.replace(/\x1b\[[\d;]*[mK]/g, "") : whole;
  const plain = line.startsWith(BOM) ? line.slice(BOM.length) : line;
  const start = plain.slice(0, LONGEST_PREFIX);
  const quote = start.indexOf('"');
  const before = START.exec(quote === -1 ? start : start.slice(0, quote));
  if (before !== null) return plain.slice(before.index + before[1]!.length);
  const json = start.indexOf('{"');
  return json > 0 && json < quote && /[:\-\s]$/.test(start.slice(0, json)) ? plain.slice(json) : plain;
}

/** UTF-8's, read as latin1. */
const BOM = "\u00ef\u00bb\u00bf";

/** A folder's and a file's name have 4096 and 255 bytes at most. */
const LONGEST_PREFIX = 4500;

/** How a line begins, at the beginning or behind a prefix. */
const START = /(^|[:\-\s])(?:https?|h2|grpcs?|wss?)[ \t,]\d{4}-\d\d-\d\dT\d\d:/;

/** Comments of W3C's form, grep's line between groups, what stands around the lines of pretty-printed JSON. */
const IS_BETWEEN = /^(#(?!Fields:)\w+:.*|--|\s*[[\]{}]{1,2},?|\s*"(events|results|logEvents)":\s*\[)\s*$/;

function unknown(line: string, split: Split): Form {
  if (isTestFile(line)) return null;
  const other = otherLogOf(line);
  if (other !== null) return { other };
  if (/^\s*"[\w:@]+"\s*:/.test(line.slice(0, 200)))
    return { malformed: "a part of an object of JSON: an object each line is needed, as jq -c . makes it" };
  return { malformed: readLine(line, split) ?? "its fields are not where its header says" };
}
