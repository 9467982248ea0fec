import { setTimeout as delay } from "node:timers/promises";
import type { AppRequest } from "../record/request.ts";
import type { Answer } from "./answer.ts";
import { type Connection, openConnection, type TimedAnswer } from "./connection.ts";
import { getRequest, requestBytes } from "./request-bytes.ts";

/** How a connection ended that was left idle after its last answer. */
export interface IdleConnection extends Answer {
  /** FIN: closed in order. RST: reset. null: still open when the probe stopped waiting. */
  endedBy: "FIN" | "RST" | null;
  /** From the last byte of the response to that end, ms; how long it was watched when it is still open. */
  idleMs: number;
  /** When it was opened and when it ended, or watching it did: performance.now(). */
  openedAtMs: number;
  endedAtMs: number;
  /** How many requests it has answered. */
  requests: number;
  /** The status of an answer that came unasked before the end, such as a 408; null without one. */
  unaskedStatus: number | null;
}

export interface WatchOptions {
  signal: AbortSignal;
  /** A GET of the URL's path and query where none is given. */
  request?: AppRequest;
  /** Called when the first response has been read to its end. */
  onAnswer?: () => void;
  /** It is used once more after so long, ms, so that its age tells from its idle time; null = it is not. */
  againAfterMs?: number | null;
}

/**
 * Opens one connection to `url`, sends one request and watches the connection idle until the server closes it.
 * Resolves with null when there is no connection or no complete response.
 */
export async function watchIdleConnection(
  url: URL,
  { signal, request = getRequest(url), onAnswer, againAfterMs = null }: WatchOptions,
): Promise<IdleConnection | null> {
  const connection = openConnection(url, signal);
  const ask = () => connection.ask(requestBytes(url, request), request.method);
  const first = await ask();
  if (first === null) {
    connection.close();
    return null;
  }
  onAnswer?.();
  const isEnded = againAfterMs === null || first.announcedClose || (await endsWithin(connection, againAfterMs));
  const second = isEnded ? null : await ask();
  return endOf(connection, second ?? first, second === null ? 1 : 2);
}

/** @param requests how many it has answered, `last` being the last answer */
export async function endOf(connection: Connection, last: TimedAnswer, requests: number): Promise<IdleConnection> {
  const { by, atMs } = await connection.ended;
  const { atMs: answeredAtMs, ...answer } = last;
  return {
    ...answer,
    endedBy: by,
    idleMs: atMs - answeredAtMs,
    openedAtMs: (await connection.ready) ?? answeredAtMs,
    endedAtMs: atMs,
    requests,
    unaskedStatus: connection.unaskedStatus(),
  };
}

async function endsWithin(connection: Connection, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const ended = connection.ended.then(() => true);
  const isEnded = await Promise.race([ended, delay(ms, false, { signal: timer.signal }).catch(() => false)]);
  timer.abort();
  return isEnded;
}
