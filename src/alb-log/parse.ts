import { type AlbEntry, FIELDS, type FieldName, INDEX } from "./fields.ts";
import { createSplit, rawField, type Split, splitLine } from "./split.ts";

/** One line as an object. @returns the reason where it is not an ALB access log's; never throws */
export function parseAlbLine(line: string): { entry: AlbEntry } | { malformed: string } {
  const split = createSplit();
  const malformed = readLine(line, split);
  if (malformed !== null) return { malformed };
  const values = FIELDS.map(({ name }, index) => [name, unescaped(rawField(line, split, index))]);
  return { entry: Object.fromEntries(values) as AlbEntry };
}

/** Splits a line and checks what every reader relies on. @returns why it is not an access log's line, else null */
export function readLine(line: string, split: Split): string | null {
  const problem = splitLine(line, split) ?? statusProblem(line, split);
  if (problem !== null) return problem;
  return line.charCodeAt(split.starts[INDEX.request]! - 1) === QUOTE ? null : "the request is not in quotes";
}

/** What is wrong with the fields up to the statuses. */
function statusProblem(line: string, split: Split): string | null {
  const { starts, ends } = split;
  if (!isWord(line, starts[INDEX.type]!, ends[INDEX.type]!)) return wrong(line, split, "type", "http, h2");
  const time = starts[INDEX.time]!;
  if (ends[INDEX.time]! - time < 20 || line.charCodeAt(time + 10) !== T || !isDigit(line.charCodeAt(time)))
    return wrong(line, split, "time", "2026-01-31T23:59:59.000000Z");
  for (const name of TIMES)
    if (!isNumberOrDash(line, starts[INDEX[name]]!, ends[INDEX[name]]!)) return wrong(line, split, name, "seconds");
  for (const name of STATUSES)
    if (!isStatus(line, starts[INDEX[name]]!, ends[INDEX[name]]!)) return wrong(line, split, name, "a status or -");
  return null;
}

/** What the log's escapes stand for: \x22 and \". */
export const unescaped = (raw: string): string =>
  raw.includes("\\")
    ? raw.replace(/\\(?:x([\da-fA-F]{2})|(["\\]))/g, (_, hex: string | undefined, mark: string) =>
        hex === undefined ? mark : String.fromCharCode(Number.parseInt(hex, 16)),
      )
    : raw;

const TIMES = ["request_processing_time", "target_processing_time", "response_processing_time"] as const;
const STATUSES = ["elb_status_code", "target_status_code"] as const;

/** The field is quoted only where nothing before it can have been the beginning of a secret. */
function wrong(line: string, split: Split, name: FieldName, expected: string): string {
  const secret = /[?;=#@]/.test(line.slice(0, split.ends[INDEX[name]]));
  const value = secret ? "not readable" : JSON.stringify(rawField(line, split, INDEX[name]).slice(0, 30));
  return `${name} is ${value}, expected ${expected}`;
}

const [QUOTE, DASH, DOT, T] = [34, 45, 46, 84];
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
/** "http", "h2"; and not a file's name, as grep puts it before a line. */
function isWord(line: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = line.charCodeAt(at);
    if (!isLetter(code) && !(isDigit(code) && at > start)) return false;
  }
  return end > start;
}

const isLetter = (code: number): boolean => code >= 97 && code <= 122;

function isNumberOrDash(line: string, start: number, end: number): boolean {
  if (start === end) return false;
  for (let at = start; at < end; at++) {
    const code = line.charCodeAt(at);
    if (!isDigit(code) && !(code === DOT && at > start) && !(code === DASH && at === start)) return false;
  }
  return true;
}

const isStatus = (line: string, start: number, end: number): boolean =>
  end - start === 3
    ? isDigit(line.charCodeAt(start)) && isDigit(line.charCodeAt(start + 1)) && isDigit(line.charCodeAt(start + 2))
    : end - start === 1 && line.charCodeAt(start) === DASH;
