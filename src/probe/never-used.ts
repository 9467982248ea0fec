import { median } from "../../scenarios/lib/median.ts";
import { openConnection } from "./connection.ts";

/** What becomes of connections on which nothing is ever sent, such as those that an LB opens in advance. */
export interface NeverUsed {
  /** Median time from ready (https: handshake done) to the server's close, ms; null when most were still open. */
  idleCloseMs: number | null;
  /** The longest that one was watched, ms. */
  watchedMs: number;
  /** The status that came before the close, such as 408; null when none did. */
  status: number | null;
}

/** Opens three connections, sends nothing and watches until `signal` ends it. null when none could be opened. */
export async function watchNeverUsed(url: URL, signal: AbortSignal): Promise<NeverUsed | null> {
  const all = await Promise.all(Array.from({ length: CONNECTIONS }, () => watchOne(url, signal)));
  const seen = all.filter((one) => one !== null);
  if (seen.length === 0) return null;
  const closes = seen.filter(({ closed }) => closed).map(({ ms }) => ms);
  return {
    idleCloseMs: closes.length * 2 > seen.length ? median(closes) : null,
    watchedMs: Math.max(...seen.map(({ ms }) => ms)),
    status: seen.find(({ status }) => status !== null)?.status ?? null,
  };
}

/** Enough to outvote one; few, since a server with one thread per connection has to give each its own. */
const CONNECTIONS = 3;

async function watchOne(url: URL, signal: AbortSignal) {
  const connection = openConnection(url, signal);
  const readyAtMs = await connection.ready;
  if (readyAtMs === null) return null;
  const { by, atMs } = await connection.ended;
  return { closed: by !== null, ms: atMs - readyAtMs, status: connection.unaskedStatus() };
}
