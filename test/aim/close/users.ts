import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { AttemptReport, IdleAnswer, TurnAnswer } from "../../../scenarios/lib/close-protocol.ts";
import { type Breakpoint, createBreakpoint } from "../../../src/aim/close/breakpoint.ts";
import type { Side } from "../../../src/aim/close/coordinate.ts";
import type { Meetings } from "../../../src/aim/close/meetings.ts";
import { undoLastFirst } from "../../../src/run/undos.ts";
import { startRelay } from "../../../src/stage/relay.ts";

/**
 * What k6 and the LB do for one user, in small: a pool of one connection, straight to the relay. A request whose connection
 * ends before its answer is lost; one whose connection has ended before it is sent opens another.
 */
export async function playUser(side: Side, user: number, port: number, meetings: Meetings): Promise<void> {
  const ask = (what: string, said: unknown) => meetings.ask(`${side.name}/${user}/${what}`, said);
  const pool = createPool(port);
  try {
    while (true) {
      const turn = (await ask("turn", {})) as TurnAnswer;
      if (turn.done) return;
      const warm = await pool.exchange(`${side.name}-${turn.round}-${user}-warm`);
      const answeredMs = performance.now();
      const { next, inMs } = (await ask("idle", { ok: warm !== "lost" })) as IdleAnswer;
      if (next === "out") return;
      if (next === "again") continue;
      await delay(inMs);
      const gapMs = performance.now() - answeredMs;
      const requestId = `${side.name}-${turn.round}-${user}`;
      const outcome = await pool.exchange(requestId);
      const report: AttemptReport = {
        outcome,
        status: outcome === "lost" ? 502 : 200,
        connection: "1",
        gapMs,
        requestId,
      };
      await ask("attempt", report);
    }
  } finally {
    pool.end();
  }
}

function createPool(port: number) {
  let socket: Socket | null = null;
  return {
    end: () => void socket?.destroy(),
    async exchange(requestId: string): Promise<"own" | "fresh" | "lost"> {
      const reused = socket !== null && !socket.readableEnded && !socket.destroyed;
      if (!reused) {
        socket?.destroy();
        socket = connect({ port, host: "127.0.0.1", noDelay: true }).on("error", () => {});
      }
      const open = socket!;
      open.write(`GET / HTTP/1.1\r\nHost: target\r\nX-Request-Id: ${requestId}\r\n\r\n`);
      const ended = Promise.race([once(open, "close"), once(open, "end").catch(() => {})]).then(() => "lost" as const);
      const answered = once(open, "data").then(
        () => (reused ? ("own" as const) : ("fresh" as const)),
        () => "lost" as const,
      );
      return Promise.race([answered, ended]);
    },
  };
}

/** A Node server with its keepAliveTimeout as given, and a relay with a breakpoint at its door. */
export async function nodeBehindRelay(
  t: TestContext,
  name: string,
  keepAliveTimeout: number,
  listener: RequestListener = (_request, response) => void response.end("ok"),
): Promise<{ side: Side; port: number; breakpoint: Breakpoint }> {
  const server = createServer(listener);
  server.keepAliveTimeout = keepAliveTimeout;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const undos: (() => void | Promise<void>)[] = [() => void server.close(), () => server.closeAllConnections()];
  t.after(() => undoLastFirst(undos));
  const target = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  const { port, guard } = await startRelay({ defer: (undo) => void undos.push(undo) }, "127.0.0.1", target);
  const breakpoint = createBreakpoint();
  guard(breakpoint);
  return { side: { name, breakpoint }, port, breakpoint };
}
