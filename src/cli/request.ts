import { UsageError } from "./exit.ts";

/** The request that is sent, again and again, to somebody's own app. */
export interface AppRequest {
  method: string;
  /** Path and query. */
  path: string;
  /** Names as given; values may be secrets, and are never printed. */
  headers: readonly Header[];
  body: string | null;
}

export type Header = readonly [name: string, value: string];

/** "Name: value" as --header takes it. @throws UsageError that names no value */
export function parseHeader(text: string): Header {
  const colon = text.indexOf(":");
  const [name, value] = [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
  // RFC 9110 section 5.6.2: a field name is a token.
  if (colon < 1 || !/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) {
    throw new UsageError('--header has no "Name: value" in it; e.g. --header "Authorization: Bearer ..."');
  }
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
    throw new UsageError(`--header ${name} has a character that no header may hold; expected printable ones only`);
  }
  if (RESERVED.has(name.toLowerCase())) {
    throw new UsageError(`--header ${name} is set by alb502 itself, or would end the connection; leave it out`);
  }
  return [name, value];
}

/** What the aim relies on: a connection that is kept, a request that is framed by us and known by its id. */
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

/** @throws UsageError for what is no path on the target */
export function parsePath(text: string): string {
  if (/^\/[\x21-\x7e]*$/.test(text)) return text;
  throw new UsageError(`--path does not begin with / or has a blank in it; e.g. --path /health`);
}

/** @throws UsageError for what is no method that can be sent again and again */
export function parseMethod(text: string): string {
  const method = text.toUpperCase();
  if (METHODS.includes(method)) return method;
  throw new UsageError(`--method is "${text}", expected ${METHODS.join(", ")}; e.g. --method GET`);
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
