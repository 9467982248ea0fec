import { FIELDS } from "../alb-log/fields.ts";
import { closingQuote } from "../alb-log/split.ts";
import { printable } from "./show.ts";

export { shownName } from "./show.ts";

/**
 * A line as it may be shown: without the queries, fragments, path parameters and passwords of URLs, which may be secrets,
 * and cut where it is very long. Read field by field as the parser reads it, whatever line it is; where it cannot be told
 * how far a secret goes, nothing is shown from there on. It takes time in proportion to the line, and no more.
 */
export function redacted(line: string): string {
  const text = line.slice(0, LONGEST_READ).trimEnd();
  // What JSON holds is not read here: a name does not tell what is secret.
  if (/^[[{]/.test(text)) return `${text[0]}${LEFT_OUT}`;
  let tidy: boolean | null = null;
  let shown = "";
  let at = 0;
  while (at < text.length) {
    const quoted = text[at] === '"';
    const start = quoted ? at + 1 : at;
    const close = quoted ? closingQuote(text, start, text.length) : text.indexOf(" ", start);
    const end = close === -1 ? text.length : close;
    const field = fieldWithout(text.slice(start, end), quoted);
    const closes = quoted && close !== -1;
    shown += `${quoted ? '"' : ""}${field.shown}${closes ? '"' : ""}`;
    at = closes ? end + 1 : end;
    if (field.hid) tidy ??= isTidy(text);
    if (field.goesOn || (field.hid && !(tidy && closes))) {
      // A request ends in its protocol, and nowhere before it.
      const protocol = field.request ? text.lastIndexOf(" HTTP/") : -1;
      if (protocol < end || !tidy) break;
      shown = shown.slice(0, -1);
      at = protocol;
    }
    if (text[at] === " ") shown += " ";
    at += text[at] === " " ? 1 : 0;
  }
  return printable(shown, LONGEST);
}

/** What is shown for what is left out. */
const LEFT_OUT = "...";

interface Field {
  shown: string;
  request: boolean;
  /** Whether something was left out at its end. */
  hid: boolean;
  /** Whether that ends behind this field, as by a quote and a blank in the query. */
  goesOn: boolean;
}

function fieldWithout(value: string, quoted: boolean): Field {
  // Most fields: some hundred lines are quoted in each part of a log.
  if (!MAY_HIDE.test(value)) return { shown: value, request: false, hid: false, goesOn: false };
  const request = quoted && REQUEST.test(value.slice(0, 100));
  const protocol = request ? (PROTOCOL.exec(value.slice(-12))?.[0] ?? "") : "";
  const text = withoutUser(protocol === "" ? value : value.slice(0, -protocol.length));
  const from = secretIn(text, request || URL_ALONE.test(text.slice(0, 100)));
  const hid = from !== -1;
  const kept = hid ? `${text.slice(0, from + 1)}${LEFT_OUT}` : text;
  // In a line of another kind, what stands behind "password=".
  const safe = !hid && !quoted ? kept.replace(/=.+$/, `=${LEFT_OUT}`) : kept;
  return { shown: safe + protocol, request, hid, goesOn: request && hid && protocol === "" };
}

/** Where the secret part of a URL begins: with its query, its fragment or a parameter of its path. -1 = nowhere */
function secretIn(text: string, isUrl: boolean): number {
  const url = isUrl ? 0 : text.indexOf("//");
  const after = url === -1 ? text.length : url;
  const query = text.indexOf("?");
  const marks = [query, text.indexOf(";", after), text.indexOf("#", after)].filter((at) => at !== -1);
  return marks.length === 0 ? -1 : Math.min(...marks);
}

/** "https://user:password@host/" without what is before the @. Of a port that is no number nobody knows what it is. */
function withoutUser(text: string): string {
  const lastSign = text.lastIndexOf("@");
  let kept = "";
  let from = 0;
  for (let at = text.indexOf("//"); at !== -1; at = text.indexOf("//", from)) {
    const start = at + 2;
    const authority = /^[^/?#\s]*/.exec(text.slice(start, start + LONGEST_AUTHORITY))![0];
    const strange = /:(?!\d*$)/.test(authority.replace(/^\[[^\]]*\]/, ""));
    const sign = strange ? lastSign : start + authority.lastIndexOf("@");
    const user = sign >= start;
    kept += text.slice(from, start) + (user ? `${LEFT_OUT}@` : "");
    from = user ? sign + 1 : start;
  }
  return kept + text.slice(from);
}

/** Whether quotes stand around fields only. Otherwise what follows a secret may belong to it. */
function isTidy(text: string): boolean {
  let at = 0;
  while (at < text.length) {
    const quoted = text[at] === '"';
    const close = quoted ? closingQuote(text, at + 1, text.length) : text.indexOf(" ", at);
    const end = close === -1 ? text.length : close;
    if (quoted && close === -1) return false;
    const value = text.slice(quoted ? at + 1 : at, end);
    if (value.replace(/\\./g, "").includes('"')) return false;
    at = end + (quoted ? 2 : 1);
  }
  return true;
}

const MAY_HIDE = /[?;#=]|\/\//;
const REQUEST = /^[\w-]+ (\w+:)?\//;
const PROTOCOL = / HTTP\/\d(\.\d)?$/;
const URL_ALONE = /^(\w+:)?\//;

/** More than an ordinary line with all its fields. */
const LONGEST = 30 * FIELDS.length;

/** Of a line, for what is shown of it: more than the longest request that an ALB takes. */
const LONGEST_READ = 64 * 1024;
const LONGEST_AUTHORITY = 4096;
