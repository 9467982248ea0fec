import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Endpoint, endpointOf } from "../record/endpoint.ts";
import { lookup } from "../run/lookup.ts";
import { type Answer, answerOf } from "./answer.ts";
import { type Deferred, deferred } from "./deferred.ts";
import type { ResponseHead } from "./response-head.ts";
import { createResponseReader, type ResponseReader } from "./response-reader.ts";

/** One connection to a server, straight to its port. All times are performance.now(). */
export interface Connection {
  /** When it could be used: connected and, for https, its handshake done. null when it ended before. */
  ready: Promise<number | null>;
  /** Sends one request and reads the answer to its end. null when none came, or it was cut off or not HTTP/1.x. */
  ask(request: Buffer, method: string): Promise<TimedAnswer | null>;
  ended: Promise<End>;
  /** The beginning of all that was received, as ISO 8859-1. */
  firstBytes(): string;
  /** What was wrong with an answer, as words that follow "it"; null when nothing was, or it was no HTTP at all. */
  flaw(): string | null;
  /** The status of an answer that came without a request, as a 408 does before a close; null without one. */
  unaskedStatus(): number | null;
  close(): void;
}

/** `atMs`: when the last byte of the response came. */
export type TimedAnswer = Answer & { atMs: number; headers: ResponseHead["headers"] };

export interface End {
  /** FIN: closed in order. RST: reset, or never connected. null: by us. */
  by: "FIN" | "RST" | null;
  atMs: number;
  error: NodeJS.ErrnoException | null;
}

/**
 * @param signal closes the connection
 * @param at where to connect to, when that is not the URL's own host: the near end of a network in front of it
 * @param how.verifies whether the certificate is verified; an ALB does not verify its targets'
 */
export function openConnection(
  url: URL,
  signal: AbortSignal,
  at = endpointOf(url),
  { verifies = false }: { verifies?: boolean } = {},
): Connection {
  const ready = deferred<number | null>();
  const ended = deferred<End>();
  let asked: { reader: ResponseReader; answer: Deferred<TimedAnswer | null> } | null = null;
  let over = false;
  let firstBytes = "";
  let unasked = "";
  let flaw: string | null = null;

  const socket = dial(url, at, { verifies, onReady: () => ready.resolve(performance.now()) });
  socket.setNoDelay(true);
  socket.on("data", (chunk: Buffer) => {
    const atMs = performance.now();
    if (firstBytes.length < FIRST_BYTES) firstBytes += chunk.toString("latin1", 0, FIRST_BYTES - firstBytes.length);
    if (asked === null) {
      if (unasked.length < FIRST_BYTES) unasked += chunk.toString("latin1", 0, FIRST_BYTES);
      return;
    }
    asked.reader.push(chunk);
    const state = asked.reader.state();
    if (state === "complete" || state === "no-http") settle(atMs);
  });
  const end = (by: End["by"], error: Error | null = null) => {
    if (over) return;
    over = true;
    const atMs = performance.now();
    // An answer without framing ends with an orderly close; one that is cut off does not count.
    settle(atMs, by === "FIN");
    ready.resolve(null);
    ended.resolve({ by, atMs, error });
    signal.removeEventListener("abort", close);
    socket.destroy();
  };
  const close = () => end(null);
  socket.once("end", () => end("FIN"));
  socket.on("error", (error) => end("RST", error));
  signal.addEventListener("abort", close, { once: true });
  if (signal.aborted) close();

  function settle(atMs: number, inOrder = false): void {
    if (asked === null) return;
    const { reader, answer } = asked;
    asked = null;
    const [head, state] = [reader.head(), reader.state()];
    flaw = reader.flaw();
    const endsWithConnection = state === "until-close" && inOrder;
    unasked = reader.excess().slice(0, FIRST_BYTES);
    const whole = head !== null && (state === "complete" || endsWithConnection);
    answer.resolve(
      whole ? { ...answerOf(head, endsWithConnection, reader.body()), headers: head.headers, atMs } : null,
    );
  }

  return {
    ready: ready.promise,
    ask(request, method) {
      if (over) return Promise.resolve(null);
      asked = { reader: createResponseReader(method), answer: deferred() };
      unasked = "";
      socket.write(request);
      return asked.answer.promise;
    },
    ended: ended.promise,
    firstBytes: () => firstBytes,
    flaw: () => flaw,
    unaskedStatus: () => Number(/^HTTP\/1\.\d (\d{3})/.exec(unasked)?.[1] ?? 0) || null,
    close,
  };
}

const FIRST_BYTES = 64;

/** A socket to a URL's server. Like an ALB, this does not verify a certificate unless it is asked to. */
export function dial(
  url: URL,
  { host, port }: Endpoint,
  { alpn = [], verifies = false, onReady }: { alpn?: string[]; verifies?: boolean; onReady: () => void },
): Socket {
  if (url.protocol !== "https:") return connect({ port, host, lookup }, onReady);
  const name = endpointOf(url).host;
  const servername = name.includes(":") || /^[\d.]+$/.test(name) ? {} : { servername: name };
  const protocols = alpn.length === 0 ? {} : { ALPNProtocols: alpn };
  return connectTls({ port, host, lookup, rejectUnauthorized: verifies, ...servername, ...protocols }, onReady);
}
