import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** One TCP connection to the target; whole responses are read by their Content-Length. */
export type RawConnection = { socket: Socket; send(head: string): Promise<Reply> };

/** `text` is null when the connection ended without a byte of response. `atMs` (performance.now) is its last byte's. */
export type Reply = { text: string | null; atMs: number };

export async function openRaw(port: number): Promise<RawConnection> {
  const socket = connect(port, "127.0.0.1");
  // A reset is an ordinary end here: "close" follows.
  socket.on("error", () => {});
  await once(socket, "connect");
  return { socket, send: (head) => sendOn(socket, head) };
}

export const get = "GET / HTTP/1.1\r\nHost: target\r\n\r\n";

function sendOn(socket: Socket, head: string): Promise<Reply> {
  return new Promise((resolve) => {
    let text = "";
    const finish = (reply: Reply) => {
      socket.off("data", onData).off("close", onClose);
      resolve(reply);
    };
    const onData = (chunk: Buffer) => {
      text += chunk;
      if (isWhole(text)) finish({ text, atMs: performance.now() });
    };
    const onClose = () => finish({ text: text || null, atMs: performance.now() });
    if (socket.closed) return onClose();
    socket.on("data", onData).on("close", onClose).write(head);
  });
}

function isWhole(text: string): boolean {
  const bodyAt = text.indexOf("\r\n\r\n") + 4;
  const length = /^content-length: (\d+)/im.exec(text)?.[1];
  return bodyAt > 3 && length !== undefined && text.length - bodyAt >= Number(length);
}
