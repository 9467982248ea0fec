import type { Server } from "node:http";
import type { Asked } from "./settings.ts";

/** The timeouts of a node:http server in ms. The buffer is undefined where this Node has no such property. */
export type ServerTimeouts = {
  keepAliveTimeoutMs: number;
  keepAliveTimeoutBufferMs: number | undefined;
  headersTimeoutMs: number;
  requestTimeoutMs: number;
};

export type AskedTimeouts = Pick<Asked, "keepAliveTimeoutMs" | "keepAliveTimeoutBufferMs" | "headersTimeoutMs">;

/**
 * What Node will do, in ms and in words. `idleCloseMs` null: it never closes an idle connection. `announces` null: no
 * Keep-Alive header. `headersTimeoutMs`: when a connection that never sends a request is cut, at the earliest.
 */
export type Will = {
  keepAliveTimeoutMs: number;
  bufferMs: number;
  idleCloseMs: number | null;
  headersTimeoutMs: number;
  closesIdleAfter: string;
  announces: string | null;
};

/** What Node `version` ("v20.18.0"; 18 or later) will do, and a note on each thing asked for that will not happen. */
export function predict(
  version: string,
  defaults: ServerTimeouts,
  asked: AskedTimeouts,
): { will: Will; notes: string[] } {
  const keepAliveTimeoutMs = asked.keepAliveTimeoutMs ?? defaults.keepAliveTimeoutMs;
  const bufferMs = bufferOf(version, defaults, asked);
  const idleCloseMs = keepAliveTimeoutMs === 0 ? null : keepAliveTimeoutMs + bufferMs;
  const will = {
    keepAliveTimeoutMs,
    bufferMs,
    idleCloseMs,
    headersTimeoutMs: headersTimeoutOf(defaults, asked),
    closesIdleAfter: idleCloseMs === null ? "never" : seconds(idleCloseMs),
    // Rounded down by Node, so below 1000 ms it says timeout=0. The buffer is never announced.
    announces: keepAliveTimeoutMs === 0 ? null : `Keep-Alive: timeout=${Math.floor(keepAliveTimeoutMs / 1000)}`,
  };
  return { will, notes: notesOn(version, defaults, asked, will) };
}

type BufferedServer = Server & { keepAliveTimeoutBuffer?: number };

export function readTimeouts(server: BufferedServer): ServerTimeouts {
  return {
    keepAliveTimeoutMs: server.keepAliveTimeout,
    keepAliveTimeoutBufferMs: server.keepAliveTimeoutBuffer,
    headersTimeoutMs: server.headersTimeout,
    requestTimeoutMs: server.requestTimeout,
  };
}

/** Sets what was asked; the rest stays Node's default. */
export function applyTimeouts(server: BufferedServer, asked: AskedTimeouts): void {
  if (asked.keepAliveTimeoutMs !== undefined) server.keepAliveTimeout = asked.keepAliveTimeoutMs;
  if (asked.keepAliveTimeoutBufferMs !== undefined && server.keepAliveTimeoutBuffer !== undefined) {
    server.keepAliveTimeoutBuffer = asked.keepAliveTimeoutBufferMs;
  }
  // By assignment: as an option of createServer, Node >= 18 throws ERR_OUT_OF_RANGE when it exceeds requestTimeout.
  if (asked.headersTimeoutMs !== undefined) server.headersTimeout = asked.headersTimeoutMs;
}

function bufferOf(version: string, defaults: ServerTimeouts, asked: AskedTimeouts): number {
  if (defaults.keepAliveTimeoutBufferMs === undefined) return hasHiddenBuffer(version) ? 1000 : 0;
  return asked.keepAliveTimeoutBufferMs ?? defaults.keepAliveTimeoutBufferMs;
}

/** nodejs/node#54863: 1000 ms on top of keepAliveTimeout from 20.18.0 and 22.9.0 on, in all of 23; never in 18 and 21. */
function hasHiddenBuffer(version: string): boolean {
  const [major, minor] = version.replace(/^v/, "").split(".").map(Number) as [number, number];
  return (major === 20 && minor >= 18) || (major === 22 && minor >= 9) || major >= 23;
}

/**
 * Node's expiry check swaps headersTimeout and requestTimeout when the first is the longer one: with 3000 and 1000 ms,
 * Node 20.20, 22.19 and 24.6 cut a silent connection after 1000 ms and a half-sent body after 3000.
 */
function headersTimeoutOf(defaults: ServerTimeouts, asked: AskedTimeouts): number {
  const set = asked.headersTimeoutMs ?? defaults.headersTimeoutMs;
  return defaults.requestTimeoutMs > 0 ? Math.min(set, defaults.requestTimeoutMs) : set;
}

function notesOn(version: string, defaults: ServerTimeouts, asked: AskedTimeouts, will: Will): string[] {
  const notes: string[] = [];
  if (asked.keepAliveTimeoutBufferMs !== undefined && defaults.keepAliveTimeoutBufferMs === undefined) {
    // nodejs/node#59243
    notes.push(
      `KEEP_ALIVE_TIMEOUT_BUFFER_MS=${asked.keepAliveTimeoutBufferMs} is ignored: Node ${version} has no server.keepAliveTimeoutBuffer (22.x from 22.19.0 and everything from 24.6.0 have it), its buffer is always ${will.bufferMs} ms`,
    );
  }
  if (asked.headersTimeoutMs !== undefined && asked.headersTimeoutMs > will.headersTimeoutMs) {
    notes.push(
      `HEADERS_TIMEOUT_MS=${asked.headersTimeoutMs} is above Node's requestTimeout of ${defaults.requestTimeoutMs} ms: Node swaps the two, so a connection that never sends a request is cut after ${will.headersTimeoutMs} ms`,
    );
  }
  return notes;
}

function seconds(ms: number): string {
  return `${ms % 100 === 0 ? (ms / 1000).toFixed(1) : ms / 1000} s`;
}
