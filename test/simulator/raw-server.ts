import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { TestContext } from "node:test";

/** One request as it reached the server. */
export interface Exchange {
  /** Request line and headers. */
  head: string;
  /** Which request of its connection it is, from 1. */
  nth: number;
  socket: Socket;
  /** Answers 200 and keeps the connection. */
  answer(): void;
}

export interface RawServer {
  /** host:port */
  address: string;
  /** Every connection ever made to it. */
  connections: Socket[];
  /** The head of every request, in order. */
  heads: string[];
}

/** A server on bare TCP, without timeouts: `onRequest` alone decides what it does with a request. */
export async function startServer(t: TestContext, onRequest: (exchange: Exchange) => void): Promise<RawServer> {
  const connections: Socket[] = [];
  const heads: string[] = [];
  const server = createServer((socket) => {
    connections.push(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {}); // a reset is an ordinary end: "close" follows
    let nth = 0;
    eachRequest(socket, (head) => {
      heads.push(head);
      nth++;
      onRequest({ head, nth, socket, answer: () => void socket.write(OK) });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    for (const socket of connections) socket.destroy();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, connections, heads };
}

/** What a server does that never closes and loses nothing. */
export const answerAll = ({ answer }: Exchange): void => answer();

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

function eachRequest(socket: Socket, onHead: (head: string) => void): void {
  let unread = "";
  socket.on("data", (chunk) => {
    unread += chunk.toString("latin1");
    for (let end = requestEnd(unread); end !== null; end = requestEnd(unread)) {
      const head = unread.slice(0, unread.indexOf("\r\n\r\n"));
      unread = unread.slice(end);
      onHead(head);
    }
  });
}

/** Where the first request in `text` ends, body included; null when it is not all there. */
function requestEnd(text: string): number | null {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd === -1) return null;
  const length = /^content-length: (\d+)/im.exec(text.slice(0, headEnd))?.[1] ?? "0";
  const end = headEnd + 4 + Number(length);
  return end <= text.length ? end : null;
}
