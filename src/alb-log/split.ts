import { FEWEST_FIELDS, FIELDS } from "./fields.ts";

/** Where the fields of one line are. Reused from line to line: a gigabyte has two million. */
export interface Split {
  /** Without the quotes. */
  starts: Int32Array;
  ends: Int32Array;
  /** At most FIELDS.length: what follows is ignored. */
  count: number;
}

export const createSplit = (): Split => ({
  starts: new Int32Array(FIELDS.length),
  ends: new Int32Array(FIELDS.length),
  count: 0,
});

/** Finds the fields of a line. @returns what is wrong with it, null when all is well */
export function splitLine(line: string, into: Split): string | null {
  const length = line.endsWith("\r") ? line.length - 1 : line.length;
  let [at, count] = [0, 0];
  while (at < length && count < FIELDS.length) {
    const quoted = line.charCodeAt(at) === QUOTE;
    const start = quoted ? at + 1 : at;
    const end = quoted ? closingQuote(line, start, length) : blankAfter(line, start, length);
    if (end === -1) return `the quote before ${FIELDS[count]!.name} is not closed`;
    into.starts[count] = start;
    into.ends[count] = end;
    count += 1;
    at = quoted ? end + 2 : end + 1;
  }
  into.count = count;
  return count < FEWEST_FIELDS ? `${count} fields, expected at least ${FEWEST_FIELDS}: not an ALB's, or cut off` : null;
}

/** One field as it is written, escapes included; "-" where the line does not have it. */
export const rawField = (line: string, { starts, ends, count }: Split, index: number): string =>
  index < count ? line.slice(starts[index], ends[index]) : "-";

const QUOTE = 34;
const BACKSLASH = 92;
const BLANK = 32;

function blankAfter(line: string, from: number, length: number): number {
  const at = line.indexOf(" ", from);
  return at === -1 ? length : at;
}

/** A quote closes only before a blank or the end, and not when it is escaped: user agents hold stray ones. */
export function closingQuote(line: string, from: number, length: number): number {
  for (let at = line.indexOf('"', from); at !== -1; at = line.indexOf('"', at + 1)) {
    if ((at + 1 === length || line.charCodeAt(at + 1) === BLANK) && !isEscaped(line, at, from)) return at;
  }
  return -1;
}

function isEscaped(line: string, at: number, from: number): boolean {
  let backslashes = 0;
  while (at - backslashes > from && line.charCodeAt(at - backslashes - 1) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}
