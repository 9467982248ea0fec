import { FIELDS } from "../alb-log/fields.ts";

/** A line as it may be shown: queries and path parameters left out, which may be secrets, and cut where it is very long. */
export function redacted(line: string): string {
  const text = line
    .replace(/\?[^\s"]*/g, "?...")
    .replace(/(:\/\/[^\s"]*);[^\s"]*/g, "$1;...")
    .replace(/:\/\/[^\s"/@]*@/g, "://...@");
  return printable(text, LONGEST);
}

/** Text of a log that was read as latin1, safe to print: without control characters, which a terminal would obey. */
export function printable(text: string, longest: number): string {
  const utf8 = Buffer.from(text, "latin1")
    .toString("utf8")
    .replace(/\p{Cc}/gu, " ")
    .trimEnd();
  return utf8.length > longest ? `${utf8.slice(0, longest)}...` : utf8;
}

/** A target's, route's or hour's name as it may be shown. */
export const shownName = (name: string): string => printable(name, LONGEST_NAME);

const LONGEST_NAME = 200;

/** More than an ordinary line with all its fields. */
const LONGEST = 30 * FIELDS.length;
