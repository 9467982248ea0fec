import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** One connection to a target, spoken to by hand: for what no HTTP client does. */
export interface RawConnection {
  /** Sends the pieces of one request, `apartMs` between them. @returns its status; null = closed without an answer */
  ask(pieces: readonly string[], apartMs?: number): Promise<number | null>;
  end(): void;
}

/** @throws Error where nobody listens */
export async function openRaw(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  socket.on("error", () => {}); // a reset is an answer, too: none
  return {
    async ask(pieces, apartMs = 0) {
      const answered = firstStatus(socket);
      for (const [i, piece] of pieces.entries()) {
        if (i > 0) await delay(apartMs);
        socket.write(piece);
      }
      return answered;
    },
    end: () => void socket.destroy(),
  };
}

function firstStatus(socket: Socket): Promise<number | null> {
  return new Promise((resolve) => {
    const done = (status: number | null) => {
      socket.off("data", onData).off("close", onEnd).off("end", onEnd);
      resolve(status);
    };
    const onData = (bytes: Buffer) => done(Number(/^HTTP\/1\.1 (\d{3})/.exec(bytes.toString("latin1"))?.[1] ?? 0));
    const onEnd = () => done(null);
    socket.on("data", onData).on("close", onEnd).on("end", onEnd);
    if (socket.destroyed || socket.readableEnded) done(null);
  });
}
