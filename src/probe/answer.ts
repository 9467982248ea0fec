import type { Tells } from "../record/tells.ts";
import type { ResponseHead } from "./response-head.ts";
import { tellsOf } from "./tells.ts";

/** What one response tells about its server and its connection. */
export interface Answer {
  status: number;
  httpVersion: "1.0" | "1.1";
  /** The `Server` header; null without one. */
  server: string | null;
  /** The `X-Powered-By` header; null without one. */
  poweredBy: string | null;
  /** What the `Keep-Alive: timeout=N` header promised, ms; null without one (RFC 2068 section 19.7.1.1). */
  claimedMs: number | null;
  /** The response announced that its connection is closed after it: no reuse, so no race. */
  announcedClose: boolean;
  /** What else tells the software; missing where nobody read a head. */
  tells?: Tells;
  /** The beginning of a 4xx's or 5xx's body, as ISO 8859-1. It may hold secrets: first-line.ts has what may be shown. */
  errorBody?: string;
}

/**
 * @param endsWithConnection the body has no framing of its own
 * @param body its beginning
 */
export function answerOf(head: ResponseHead, endsWithConnection: boolean, body: string): Answer {
  const { status, httpVersion, headers } = head;
  const keepAlive = (headers.get("keep-alive") ?? "").slice(0, LONGEST_KEEP_ALIVE);
  const claimed = /(?:^|[,;\s])timeout\s*=\s*"?(\d{1,9})(?!\d)/i.exec(keepAlive)?.[1];
  return {
    status,
    httpVersion,
    server: headers.get("server") ?? null,
    poweredBy: headers.get("x-powered-by") ?? null,
    claimedMs: claimed === undefined ? null : Number(claimed) * 1000,
    announcedClose: endsWithConnection || !persists(head),
    tells: tellsOf(head),
    ...(status >= 400 && body !== "" ? { errorBody: body } : {}),
  };
}

/** No server needs more for its two numbers. */
const LONGEST_KEEP_ALIVE = 200;

/** RFC 9112 section 9.3. */
function persists({ httpVersion, headers }: ResponseHead): boolean {
  const options = (headers.get("connection") ?? "").toLowerCase().split(/[\s,]+/);
  if (options.includes("close")) return false;
  return httpVersion === "1.1" || options.includes("keep-alive");
}
