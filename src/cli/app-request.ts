import { type AppRequest, type Header, pathOnly } from "../record/request.ts";
import { UsageError } from "../run/exit.ts";
import { withContentType } from "./content-type.ts";
import { type Given, givenHeaders, givenText } from "./given.ts";
import { pathOf } from "./request-path.ts";
import { quoted } from "./values.ts";

/** As node:util's parseArgs takes them: the request to the user's own app. */
export const APP_REQUEST_OPTIONS = {
  method: { type: "string", short: "X" },
  path: { type: "string" },
  header: { type: "string", short: "H", multiple: true, default: [] as string[] },
  body: { type: "string", short: "d" },
} as const;

export const APP_REQUEST_HELP = `  --method M       GET, POST, PUT, PATCH, DELETE or OPTIONS (default GET; POST with --body); -X, -H
                   and -d mean --method, --header and --body, as curl has them
  --path PATH      path and query, instead of the URL's
  --header TEXT    "Name: value", repeatable; values are neither printed nor kept
  --body TEXT      the request's body; without a Content-Type header, JSON is sent as application/json
                   A secret is no argument, which all users of the machine can read: of these three each takes @FILE,
                   headers one a line, or stands in ALB502_PATH, ALB502_HEADERS, ALB502_BODY`;

interface Values {
  method?: string | undefined;
  path?: string | undefined;
  header: readonly string[];
  body?: string | undefined;
}

/** @throws UsageError that names the option and never a header's value */
export function appRequest(url: URL, { method, header, ...values }: Values): AppRequest {
  if ([...header, values.path, values.body].filter((value) => value === "@-").length > 1) {
    throw new UsageError(
      "two options are @-, expected one: standard input can be read once; give the other one a file",
    );
  }
  return requestOf(url, {
    method,
    path: givenText("--path", values.path, process.env.ALB502_PATH)?.replace(/\r?\n$/, ""),
    headers: givenHeaders(header),
    body: givenText("--body", values.body, process.env.ALB502_BODY),
  });
}

/** The request of texts that are there already, read from nowhere. */
export interface RequestTexts {
  method?: string | undefined;
  path?: string | undefined;
  headers: readonly Given[];
  body?: string | undefined;
}

/** @throws UsageError as appRequest() */
export const requestOf = (url: URL, { method, path, headers, body }: RequestTexts): AppRequest =>
  withContentType({
    method: method === undefined ? (body === undefined ? "GET" : "POST") : parseMethod(method),
    path: pathOf(url, path),
    headers: parseHeaders(headers),
    body: body ?? null,
  });

function parseHeaders(given: readonly Given[]): Header[] {
  const headers = given.map(parseHeader);
  const names = headers.map(([name]) => name.toLowerCase());
  const twice = headers.find(([name], i) => names.indexOf(name.toLowerCase()) !== i);
  if (twice) throw new UsageError(`--header ${twice[0]} is given twice; give it once, its values joined by a comma`);
  return headers;
}

/** The request as result.json's settings may show it: without header values, body and query, which may be secrets. */
export function requestSettings({ method, path, headers, body }: AppRequest) {
  return {
    method,
    path: pathOnly(path),
    header: headers.map(([name]) => name),
    body: body !== null,
  };
}

/** "Name: value" as --header takes it. @throws UsageError that names no value */
function parseHeader({ text, where }: Given): Header {
  const colon = text.indexOf(":");
  const [name, value] = [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
  // RFC 9110 section 5.6.2: a field name is a token.
  if (colon < 1 || !/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) {
    throw new UsageError(`${where} has no "Name: value" in it; e.g. --header "Authorization: Bearer ..."`);
  }
  // U+FFFD stands for bytes that are not UTF-8, which is what both the probe and k6 send.
  if (/(?!\t)\p{Cc}|\p{Cs}|\ufffd/u.test(value)) {
    throw new UsageError(`${where} ${name} has a character that no header may hold; expected printable ones only`);
  }
  if (RESERVED.has(name.toLowerCase())) {
    throw new UsageError(`${where} ${name} is set by alb502 itself, or would end the connection; leave it out`);
  }
  return [name, value];
}

/** What the aim relies on: a kept connection, and a request that we frame and know by its id. */
const RESERVED = new Set([
  "connection",
  "keep-alive",
  "content-length",
  "transfer-encoding",
  "upgrade",
  "expect",
  "x-lb-node",
  "x-request-id",
]);

/** @throws UsageError for a method that cannot be sent again and again */
function parseMethod(text: string): string {
  const method = text.toUpperCase();
  if (METHODS.includes(method)) return method;
  throw new UsageError(`--method is ${quoted(text)}, expected ${METHODS.join(", ")}; e.g. --method GET`);
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
