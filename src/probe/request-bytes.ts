import type { AppRequest, Header } from "../record/request.ts";

/**
 * The request as it goes over the wire: HTTP/1.1, its connection kept (the default, RFC 9112 section 9.3), framed by a
 * Content-Length where it has a body.
 */
export function requestBytes(url: URL, request: AppRequest): Buffer {
  const body = Buffer.from(request.body ?? "", "utf8");
  const given = new Set(request.headers.map(([name]) => name.toLowerCase()));
  const defaults = defaultsFor(url).filter(([name]) => !given.has(name.toLowerCase()));
  const length: Header[] = request.body === null ? [] : [["Content-Length", `${body.length}`]];
  const lines = [...defaults, ...request.headers, ...length].map(([name, value]) => `${name}: ${value}\r\n`);
  // In UTF-8, as k6 sends what a header may hold besides ASCII (RFC 9110 section 5.5 takes any such byte).
  return Buffer.concat([
    Buffer.from(`${request.method} ${request.path} HTTP/1.1\r\n${lines.join("")}\r\n`, "utf8"),
    body,
  ]);
}

/** What a URL alone asks for. */
export const getRequest = (url: URL): AppRequest => ({
  method: "GET",
  path: `${url.pathname}${url.search}`,
  headers: [],
  body: null,
});

const defaultsFor = (url: URL): Header[] => [
  ["Host", url.host],
  ["User-Agent", "alb502-probe"],
  ["Accept", "*/*"],
];
