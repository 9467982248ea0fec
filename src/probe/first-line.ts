/**
 * What an error's body says in one line, for people to see what was wrong: the message of a JSON error, a page's title, or
 * the first line of text. null where there is no such line.
 * What was sent may stand in it, and so may a secret of the target's: words that are not plain ones are left out.
 * @param sent what must not be shown, wherever it stands
 */
export function firstLine(body: string, sent: readonly string[] = []): string | null {
  const text = messageOf(body.trim());
  const without = sent.filter((one) => one.length > 2).reduce((line, one) => line.replaceAll(one, "..."), text);
  const [line = ""] = without.trim().split(/[\r\n\u2028\u2029]/, 1);
  const shown = line
    .slice(0, LONGEST)
    .split(/(\s+|[,;:!?"'()[\]{}<>]+)/)
    .map((word) => (isPlain(word) ? word : "..."))
    .join("")
    .replace(/\s+/g, " ")
    .replace(/[^\x20-\x7e]/g, "?")
    .trim();
  return /[a-z]{2}/i.test(shown) ? shown : null;
}

function messageOf(body: string): string {
  const json = /^\{/.test(body)
    ? /"(?:message|error|detail|title|reason)"\s*:\s*"([^"\\]{1,200})"/.exec(body)?.[1]
    : null;
  if (json !== null) return json ?? "";
  if (!/^<(?:!doctype|html)/i.test(body)) return body.startsWith("<") || body.startsWith("[") ? "" : body;
  return /<title[^>]{0,100}>([^<]{1,200})/i.exec(body)?.[1] ?? /<pre>([^<]{1,200})/i.exec(body)?.[1] ?? "";
}

/** A word, a path's piece, a status, punctuation: no token, which has digits or mixed case in it, or is long. */
const isPlain = (word: string): boolean =>
  /^[^\w]*$/.test(word) ||
  /^\d{1,3}\.?$/.test(word) ||
  /^(?:[A-Z]?[a-z]{1,19}|[A-Z]{1,6}|HTTPS?)[.'`]?$/.test(word) ||
  /^(?:[A-Z][a-z]{1,11}){2,4}$/.test(word) ||
  word === "/" ||
  word === "HTTP/2" ||
  word === "HTTP/1.1";

const LONGEST = 120;
