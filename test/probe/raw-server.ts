import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { selfSigned } from "./self-signed.ts";

export const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n";

/**
 * A server that writes literal bytes. `answer` is called with each request's head and its connection's number, from 0.
 * @returns its URL; the end of the test closes it
 */
export async function rawServer(
  t: TestContext,
  answer: (socket: Socket, connection: number, head: string) => void,
  { tls = false, host = "127.0.0.1" } = {},
): Promise<URL> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const serve = (socket: Socket) => {
    const connection = connections++;
    sockets.add(socket);
    socket.on("error", () => {}); // the probe may leave in the middle
    socket.setEncoding("utf8").on("data", (head: string) => answer(socket, connection, head));
  };
  const server: Server = tls ? createTlsServer(selfSigned, serve) : createServer(serve);
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await once(server.listen(0, host), "listening");
  const { port } = server.address() as AddressInfo;
  return new URL(`${tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}/healthz?deep=1`);
}

/** Answers, and closes with a FIN when it has been idle for `idleMs`. */
export function answerThenEnd(socket: Socket, idleMs: number, headers = ""): void {
  clearTimeout(closing.get(socket));
  socket.write(`${OK}${headers}\r\nok`);
  closing.set(
    socket,
    setTimeout(() => socket.end(), idleMs),
  );
}

const closing = new WeakMap<Socket, NodeJS.Timeout>();
