import type { ResponseHead } from "./response-reader.ts";

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
}

/** @param endsWithConnection the body has no framing of its own */
export function answerOf(head: ResponseHead, endsWithConnection: boolean): Answer {
  const { status, httpVersion, headers } = head;
  const claimed = /(?:^|[,;\s])timeout\s*=\s*"?(\d+)/i.exec(headers.get("keep-alive") ?? "")?.[1];
  return {
    status,
    httpVersion,
    server: headers.get("server") ?? null,
    poweredBy: headers.get("x-powered-by") ?? null,
    claimedMs: claimed === undefined ? null : Number(claimed) * 1000,
    announcedClose: endsWithConnection || !persists(head),
  };
}

/** RFC 9112 section 9.3. */
function persists({ httpVersion, headers }: ResponseHead): boolean {
  const options = (headers.get("connection") ?? "").toLowerCase().split(/[\s,]+/);
  if (options.includes("close")) return false;
  return httpVersion === "1.1" || options.includes("keep-alive");
}
