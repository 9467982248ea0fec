/** A delimiter of AWS's plain and W3C logs. */
export type Delimiter = "\t" | "," | " ";

/**
 * A line's columns. A value between quotes may hold the delimiter; in it `""` and `\"` stand for a quote. Linear in the
 * line's length.
 */
export function columnsOf(line: string, delimiter: Delimiter): string[] {
  const columns: string[] = [];
  let at = 0;
  while (at <= line.length && columns.length < MOST) {
    if (line[at] === '"') {
      const end = endOfQuoted(line, at + 1, delimiter);
      columns.push(
        line
          .slice(at + 1, end)
          .replaceAll('""', '"')
          .replaceAll('\\"', '"'),
      );
      at = end + 2;
    } else {
      const found = line.indexOf(delimiter, at);
      const end = found === -1 ? line.length : found;
      columns.push(line.slice(at, end).trim());
      at = end + 1;
    }
  }
  return columns;
}

/** The delimiter of a header: the one that makes most columns of it. */
export const delimiterOf = (header: string): Delimiter =>
  header.includes("\t") ? "\t" : header.includes(",") ? "," : " ";

function endOfQuoted(line: string, from: number, delimiter: Delimiter): number {
  for (let at = line.indexOf('"', from); at !== -1; at = line.indexOf('"', at + 1)) {
    const next = line[at + 1];
    if (line[at - 1] === "\\" && at > from) continue;
    if (next === '"' && delimiter !== " ") {
      at += 1;
      continue;
    }
    if (next === undefined || next === delimiter) return at;
  }
  return line.length;
}

/** More than any log of these has. */
const MOST = 200;
