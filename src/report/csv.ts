/**
 * A row for a spreadsheet, by RFC 4180. A text that a spreadsheet would take for a formula (`=`, `+`, `-`, `@`, a tab or a
 * line break first; full-width ones too) gets an apostrophe before it, as OWASP advises: whoever opens the file runs
 * nothing. Numbers stay numbers.
 */
export const csvRow = (cells: readonly string[]): string => `${cells.map(csvCell).join(",")}\r\n`;

function csvCell(text: string): string {
  const safe = IS_FORMULA.test(text) && !IS_NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const IS_FORMULA = /^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/;
const IS_NUMBER = /^-?\d+(?:\.\d+)?$/;
