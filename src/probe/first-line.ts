import type { AppRequest } from "../record/request.ts";
import type { Answer } from "./answer.ts";

/**
 * What a 4xx or 5xx says in one line, for people to see what was wrong with the request: ` and says "Cannot GET /x"`. It is
 * the message of a JSON error, a page's title, or the first line of text; empty where there is no such line.
 * What was sent may stand in it, and so may a secret of the target's: words of what was sent are left out, and all that are
 * no plain ones.
 */
export function errorLine({ status, errorBody = "" }: Pick<Answer, "status" | "errorBody">, sent: AppRequest): string {
  const shown = status < 400 ? "" : plainWords(messageOf(errorBody.trim()), wordsSent(sent));
  return /[a-z]{2}/i.test(shown) ? ` and says "${shown}"` : "";
}

function messageOf(body: string): string {
  if (body.startsWith("{")) {
    return /"(?:message|error|detail|title|reason)"\s{0,9}:\s{0,9}"([^"\\]{1,200})"/.exec(body)?.[1] ?? "";
  }
  if (!body.startsWith("<")) return body.startsWith("[") ? "" : body;
  return /<(?:title|pre|h1)>([^<]{1,200})/i.exec(body)?.[1] ?? "";
}

function wordsSent({ path, headers, body }: AppRequest): Set<string> {
  const query = path.replace(/^[^?]*/, "");
  // Names of fields are what a message about a missing one has to show.
  const fields = (body ?? "").replace(/"[\w-]{1,40}"\s{0,9}:/g, " ");
  const words = [query, fields, ...headers.map(([, value]) => value)].join(" ").match(WORD) ?? [];
  return new Set(words.map((word) => word.toLowerCase()));
}

const WORD = /[\p{L}\p{N}_]+/gu;

function plainWords(text: string, sent: ReadonlySet<string>): string {
  const [line = ""] = text.split(/[\r\n\u2028\u2029]/, 1);
  return line
    .slice(0, LONGEST)
    .replace(/[^\s"'()[\]{}<>,;:!?/]+/g, (word) => (isPlain(word) && !isSent(word, sent) ? word : "..."))
    .replace(/"/g, "'")
    .replace(/\s+/g, " ")
    .replace(/[^\x20-\x7e]/g, "?")
    .trim();
}

const LONGEST = 120;

const isSent = (word: string, sent: ReadonlySet<string>): boolean =>
  (word.match(WORD) ?? []).some((part) => part.length > 2 && sent.has(part.toLowerCase()));

/** No token, which has digits, dashes or mixed case in it, or is long. */
const isPlain = (word: string): boolean =>
  /^(?:[A-Z]?[a-z]{1,19}|[A-Z]{1,7}|\d{1,3}|(?:[A-Z][a-z]{1,11}){2,4}|\W{1,3})[.`]*$/.test(word);
