/**
 * Text from outside, made fit for every place that shows it: a terminal, a CI's log, Markdown, HTML, CSV, JSON. On one
 * line, without characters that a terminal obeys or that hide or turn round what is beside them, and no command for a CI:
 * - GitHub takes `::name::` at a line's beginning, after any blanks, and `##[name]` anywhere in it;
 * - Azure Pipelines takes `##vso[name]`, TeamCity `##teamcity[name]`, anywhere in it.
 */
export function shown(text: string, longest: number): string {
  const plain = text
    .replace(UNSEEN, " ")
    .replace(/##(?=[a-z]*\[)/gi, "# #")
    .replace(/^(\s*):(?=:)/, "$1: ")
    .trimEnd();
  return plain.length > longest ? `${plain.slice(0, longest).replace(/[\uD800-\uDBFF]$/, "")}...` : plain;
}

/** The same for text that was read as latin1, whatever it is: it is shown as UTF-8. */
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

/**
 * Control characters (Cc), those without a width or that change the direction of writing (Cf), line and paragraph
 * separators, halves of a pair (Cs), and what no font has: blanks that are none (Hangul fillers, Braille's).
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u115F\u1160\u3164\uFFA0\u2800]/gu;

const LONGEST_NAME = 200;
const LONGEST_FILE = 1000;
