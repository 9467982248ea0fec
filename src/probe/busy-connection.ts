import { setTimeout as delay } from "node:timers/promises";
import type { AppRequest } from "../record/request.ts";
import { openConnection, type TimedAnswer } from "./connection.ts";
import { endOf, type IdleConnection } from "./idle-connection.ts";
import { requestBytes } from "./request-bytes.ts";

/** A connection that is never idle for long, beside those that are. */
export interface BusyConnection {
  /** The last one, and how it ended: closed by the target although it was in use, or by us. null = it got no answer. */
  last: IdleConnection | null;
  /** The most requests that one connection has answered. */
  requests: number;
}

/**
 * Keeps one connection in use until `signal` ends it. An idle timeout leaves it alone; a restart, a limit on a
 * connection's age or on its requests does not.
 */
export async function keepBusy(url: URL, request: AppRequest, signal: AbortSignal): Promise<BusyConnection> {
  let requests = 0;
  while (true) {
    const { last, announced } = await useOne(url, request, signal);
    requests = Math.max(requests, last?.requests ?? 0);
    // An announced end is none that anybody could meet: another connection takes over.
    if (!announced || signal.aborted || (last?.requests ?? 0) < 2) return { last, requests };
  }
}

async function useOne(url: URL, request: AppRequest, signal: AbortSignal) {
  const connection = openConnection(url, signal);
  const bytes = requestBytes(url, request);
  const over = connection.ended.then(() => {});
  let last: TimedAnswer | null = null;
  let requests = 0;
  while (true) {
    const askedAtMs = performance.now();
    const answer = await connection.ask(bytes, request.method);
    // 429 after 200, say: it has had enough of us.
    const isOther = answer !== null && last !== null && answer.status !== last.status;
    if (answer !== null) requests++;
    last = answer ?? last;
    if (answer === null || answer.announcedClose || isOther) break;
    // As long as the answer takes at least, so that a slow route is busy with us half of the time at most.
    const pauseMs = Math.max(PAUSE_MS, answer.atMs - askedAtMs);
    await Promise.race([delay(pauseMs, undefined, { ref: false }), over]);
  }
  const announced = last?.announcedClose ?? false;
  setTimeout(connection.close, ENDS_WITHIN_MS).unref();
  if (last === null) return { last: null, announced };
  return { last: await endOf(connection, last, requests), announced };
}

/** Below any idle timeout, and in a minute as many requests as a limit is looked for. */
const PAUSE_MS = 500;

/** What was announced, or has gone wrong, ends by then or is ended here. */
const ENDS_WITHIN_MS = 200;
