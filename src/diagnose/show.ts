import { shown } from "../run/shown.ts";

/** As shown(), for text that was read as latin1, whatever it is: it is shown as UTF-8. */
export const printable = (latin1: string, longest: number): string =>
  // Four bytes are the most that a character takes, and no more are looked at than can be shown.
  shown(Buffer.from(latin1.slice(0, 4 * longest + 4), "latin1").toString("utf8"), longest);

/** A target's, route's or hour's name, read as latin1, as it may be shown. */
export const shownName = (name: string): string => printable(name, LONGEST_NAME);

/** A file's name as it may be shown. */
export const shownFile = (name: string): string => shown(name, LONGEST_FILE);

/** A line of the log as it may stand on a line of its own: what is before it is ours. */
export const quoted = (text: string): string => `| ${text}`;

/**
 * A cell of a CSV file, which a spreadsheet shows and does not compute: it takes what begins with one of these for a
 * formula, quoted or not. Numbers stay numbers.
 */
export function csvCell(value: string | number | null): string {
  if (typeof value === "number") return `${value}`;
  const text = shown(value ?? "", Number.POSITIVE_INFINITY);
  const harmless = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) && text !== "-" ? `'${text}` : text;
  return /[",;\s']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const LONGEST_NAME = 200;
const LONGEST_FILE = 1000;
