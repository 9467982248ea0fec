import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { AppRequest } from "../record/request.ts";
import { deferred } from "./deferred.ts";
import { type IdleConnection, watchIdleConnection } from "./idle-connection.ts";
import { getRequest } from "./request-bytes.ts";

/** A probe that is under way: idle connections, each watched until the target closes it. */
export interface Probe {
  /** Resolves when every connection has been answered and is idle (or has failed). */
  idle: Promise<void>;
  /**
   * The idle closes (ms) as soon as they tell when the target closes: when half of the connections have been closed
   * and those that follow on their heels too. Never resolves when fewer than half of them are closed.
   */
  closesMs: Promise<number[]>;
  /** Everything that was seen; resolves when all connections have ended or stop() was called. */
  seen: Promise<IdleConnection[]>;
  /** Stops watching: what is still open counts as open. */
  stop(): void;
}

/** How a probe's connections differ from each other. */
export interface Spread {
  /** Between one answer and the next connection, ms; 0 by default. */
  spacingMs?: number;
  /** Every third connection is used once more after so long, ms; null, by default, = none is. */
  againAfterMs?: number | null;
}

/**
 * Opens `connections` connections to the target, past the LB, with one request on each, and times the end of each.
 * @param connections at least 10, so that a median and a spread mean something
 * @param request a GET of the URL's path and query where none is given
 */
export function startProbe(
  url: URL,
  connections: number,
  request: AppRequest = getRequest(url),
  { spacingMs = 0, againAfterMs = null }: Spread = {},
): Probe {
  const abort = new AbortController();
  setMaxListeners(connections, abort.signal);
  const enough = deferred<number[]>();
  const watch = (index: number, onAnswer: () => void) =>
    watchIdleConnection(url, {
      ...{ signal: abort.signal, request, onAnswer },
      againAfterMs: index % 3 === 2 ? againAfterMs : null,
    });
  const pause = () => (spacingMs > 0 && !abort.signal.aborted ? delay(spacingMs) : undefined);
  const opened = openInTurn(watch, pause, connections, tellWhenHalfAreClosed(connections, enough.resolve));
  return {
    idle: opened.then(() => {}),
    closesMs: enough.promise,
    seen: opened.then((watched) => Promise.all(watched)).then((all) => all.filter((one) => one !== null)),
    stop: () => abort.abort(),
  };
}

// One after the other: requests that a server handles in one go share one start of their idle timers, which is
// before the later answers. Twelve at once made Node seem to close 7 ms early.
async function openInTurn(
  watch: (index: number, onAnswer: () => void) => Promise<IdleConnection | null>,
  pause: () => Promise<void> | undefined,
  connections: number,
  onEnd: (connection: IdleConnection | null) => void,
): Promise<Promise<IdleConnection | null>[]> {
  const watched: Promise<IdleConnection | null>[] = [];
  for (let i = 0; i < connections; i++) {
    if (i > 0) await pause();
    const answered = deferred<void>();
    const seen = watch(i, answered.resolve);
    watched.push(seen);
    void seen.then(onEnd);
    await Promise.race([answered.promise, seen]);
  }
  return watched;
}

function tellWhenHalfAreClosed(connections: number, tell: (closesMs: number[]) => void) {
  const closesMs: number[] = [];
  return (connection: IdleConnection | null) => {
    if (connection === null || connection.endedBy === null) return;
    closesMs.push(connection.idleMs);
    if (closesMs.length === Math.ceil(connections / 2)) setTimeout(() => tell([...closesMs]), HEELS_MS).unref();
  };
}

/** How long to wait for the others after the median close: they went idle within about this time of each other. */
const HEELS_MS = 12;
