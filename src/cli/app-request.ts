import { UsageError } from "./exit.ts";
import { type AppRequest, type Header, parseHeader, parseMethod, parsePath } from "./request.ts";

/** As node:util's parseArgs takes them: what makes up the request to somebody's own app. */
export const APP_REQUEST_OPTIONS = {
  method: { type: "string" },
  path: { type: "string" },
  header: { type: "string", multiple: true, default: [] as string[] },
  body: { type: "string" },
} as const;

export const APP_REQUEST_HELP = `  --method M       GET, POST, PUT, PATCH, DELETE or OPTIONS (default GET; POST with --body)
  --path PATH      path and query, instead of the URL's
  --header TEXT    "Name: value", repeatable; values are neither printed nor kept (npm prints its own
                   command line: npm -s run ... where one is a secret)
  --body TEXT      the request's body; give its Content-Type with --header`;

interface Values {
  method?: string | undefined;
  path?: string | undefined;
  header: readonly string[];
  body?: string | undefined;
}

/** @throws UsageError that names the option and never a header's value */
export function appRequest(url: URL, { method, path, header, body }: Values): AppRequest {
  return {
    method: method === undefined ? (body === undefined ? "GET" : "POST") : parseMethod(method),
    path: path === undefined ? `${url.pathname}${url.search}` : parsePath(path),
    headers: parseHeaders(header),
    body: body ?? null,
  };
}

function parseHeaders(texts: readonly string[]): Header[] {
  const headers = texts.map(parseHeader);
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

/** A path whose query is left out. */
export const pathOnly = (path: string): string => path.replace(/\?.*$/s, "?...");
