import { setMaxListeners } from "node:events";
import { deferred } from "./deferred.ts";
import { type IdleConnection, watchIdleConnection } from "./idle-connection.ts";

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

/**
 * Opens `connections` connections to the target, past the LB, with one request on each, and times the end of each.
 * @param connections at least 10, so that a median and a spread mean something
 */
export function startProbe(url: URL, connections: number): Probe {
  const abort = new AbortController();
  setMaxListeners(connections, abort.signal);
  const enough = deferred<number[]>();
  const opened = openInTurn(url, connections, abort.signal, tellWhenHalfAreClosed(connections, enough.resolve));
  return {
    idle: opened.then(() => {}),
    closesMs: enough.promise,
    seen: opened.then((watched) => Promise.all(watched)).then((all) => all.filter((one) => one !== null)),
    stop: () => abort.abort(),
  };
}

// One after the other: requests that a server handles in one go share one start of their idle timers, which lies
// before the later ones' answers. Twelve at once made Node seem to close 7 ms early.
async function openInTurn(
  url: URL,
  connections: number,
  signal: AbortSignal,
  onEnd: (connection: IdleConnection | null) => void,
): Promise<Promise<IdleConnection | null>[]> {
  const watched: Promise<IdleConnection | null>[] = [];
  for (let i = 0; i < connections; i++) {
    const answered = deferred<void>();
    const seen = watchIdleConnection(url, { signal, onAnswer: answered.resolve });
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

/** How long after the median close the others are waited for: they went idle within about this of each other. */
const HEELS_MS = 12;
