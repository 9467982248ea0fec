import { once } from "node:events";
import { connect } from "node:net";

/** One kept connection that carries one request at a time. */
export interface KeepAliveClient {
  /** Sends one GET and resolves with the status when the whole answer is there. @throws Error when the connection ends */
  exchange(): Promise<number>;
  close(): void;
}

/**
 * Connects to `address` (host:port). Bare sockets rather than node:http: this must cost less CPU than what it
 * loads, and must neither retry nor reconnect.
 */
export async function connectClient(address: string): Promise<KeepAliveClient> {
  const { hostname, port } = new URL(`http://${address}`);
  const request = `GET / HTTP/1.1\r\nHost: ${address}\r\n\r\n`;
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  let received = "";
  let waiting: { resolve: (status: number) => void; reject: (error: Error) => void } | null = null;
  socket.on("data", (chunk: Buffer) => {
    received += chunk.toString("latin1");
    if (!isWhole(received)) return;
    const status = Number(received.slice("HTTP/1.1 ".length, "HTTP/1.1 200".length));
    received = "";
    waiting?.resolve(status);
  });
  socket.on("error", () => {}); // "close" follows
  socket.on("close", () => waiting?.reject(new Error(`${address} closed the connection`)));
  await once(socket, "connect");
  return {
    exchange: () =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      }),
    close: () => void socket.destroy(),
  };
}

/** All answers here carry a Content-Length. */
function isWhole(answer: string): boolean {
  const headEnds = answer.indexOf("\r\n\r\n");
  if (headEnds < 0) return false;
  const length = /^content-length: *(\d+)/im.exec(answer.slice(0, headEnds))?.[1];
  return length !== undefined && answer.length >= headEnds + 4 + Number(length);
}
