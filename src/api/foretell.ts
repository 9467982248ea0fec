import type { ServerSettings } from "./server-settings.ts";

/** What Node will do with idle connections, by its settings alone. */
export type Foretold =
  /** null = never. */
  | { idleCloseMs: number | null; by: string; doubt: null }
  /** A sentence: why nobody can tell. */
  | { idleCloseMs: null; by: null; doubt: string };

/**
 * When a server with these settings closes a connection that is idle after an answer. lib/_http_server.js, resOnFinish() and
 * socketOnTimeout(), is where it stands; docs/api.md says what of it was measured on which versions.
 */
export function foretell(settings: ServerSettings, versions: NodeJS.ProcessVersions = process.versions): Foretold {
  const { keepAliveTimeoutMs: ms, timeoutMs, timeoutListeners } = settings;
  const other = ["bun", "deno"].find((name) => versions[name] !== undefined);
  if (other) return unknown(`This is ${other}, whose server is another: only the wire tells ({ wire: true }).`);
  if (!Number.isFinite(ms) || ms < 0) return unknown(notTaken(ms));
  // 0 switches the timer off, not keep-alive; what remains is the timeout of any socket.
  const waitsMs = ms > 0 ? ms + bufferMs(settings) : (timeoutMs ?? 0);
  if (!(waitsMs > 0)) return { idleCloseMs: null, by: "keepAliveTimeout is 0, which is never", doubt: null };
  if (timeoutListeners > 0) {
    return unknown(
      'The server has a listener for "timeout", as server.setTimeout(ms, callback) adds one: Node then closes no idle connection by itself, and what that listener does no setting tells ({ wire: true } does).',
    );
  }
  if (ms > 0) return { idleCloseMs: waitsMs, by: whereFrom(settings), doubt: null };
  return { idleCloseMs: waitsMs, by: `keepAliveTimeout is 0, and server.timeout is ${waitsMs} ms`, doubt: null };
}

/**
 * What this Node adds to keepAliveTimeout without announcing it, ms: 1 s from 20.18 and 22.9 on (nodejs/node#54863), and
 * from 22.19 and 24.6 on what keepAliveTimeoutBuffer says (nodejs/node#59243).
 */
export function bufferMs({ keepAliveTimeoutBufferMs, nodeVersion }: ServerSettings): number {
  if (!addsBuffer(nodeVersion)) return 0;
  if (!hasBufferProperty(nodeVersion) || keepAliveTimeoutBufferMs === null) return 1000;
  // A negative number, NaN, Infinity and a text are all taken for the default.
  return Number.isFinite(keepAliveTimeoutBufferMs) && keepAliveTimeoutBufferMs >= 0 ? keepAliveTimeoutBufferMs : 1000;
}

/** A sentence for a keepAliveTimeoutBuffer that this Node does not know; null where it does, or there is none. */
export const bufferUnknown = ({ keepAliveTimeoutBufferMs, nodeVersion }: ServerSettings): string | null =>
  keepAliveTimeoutBufferMs === null || hasBufferProperty(nodeVersion)
    ? null
    : `keepAliveTimeoutBuffer is set to ${keepAliveTimeoutBufferMs}, and Node ${nodeVersion} does not know it (22.19 and 24.6 do): it has no effect.`;

const addsBuffer = (version: string): boolean => isFrom(version, { 20: 18, 22: 9, 23: 0 });
const hasBufferProperty = (version: string): boolean => isFrom(version, { 22: 19, 24: 6, 25: 0 });

/** @param since the first minor version of those majors that have it; the last of them goes for all later ones */
function isFrom(version: string, since: Record<number, number>): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const last = Math.max(...Object.keys(since).map(Number));
  return major > last || minor >= (since[major] ?? Number.POSITIVE_INFINITY);
}

function whereFrom(settings: ServerSettings): string {
  const { keepAliveTimeoutMs, nodeVersion } = settings;
  const added = bufferMs(settings);
  const more = added > 0 ? `, to which Node ${nodeVersion} adds ${added} ms that it does not announce` : "";
  return `keepAliveTimeout is ${keepAliveTimeoutMs} ms${more}`;
}

/** Node 20 throws at the first answer, and so ends the app; later ones take such a value for 0, or as they like. */
const notTaken = (value: unknown): string =>
  `keepAliveTimeout is ${typeof value === "string" ? `"${value}", a text,` : `${value},`} where Node takes milliseconds as a number from 0: some versions of Node throw at the first answer, others ignore it. Give a number, e.g. Number(process.env.KEEP_ALIVE_MS).`;

const unknown = (doubt: string): Foretold => ({ idleCloseMs: null, by: null, doubt });
