import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";

/** Watches this process's own outgoing connections. */
export interface ConnectionWatch {
  /** When the first socket to the watched port was created, epoch ms rounded down; null = there was none. */
  firstAtMs(): number | null;
  stop(): void;
}

/** From now on. A socket is made before its SYN leaves, so before any byte of its first request. */
export function watchConnectionsTo(port: number): ConnectionWatch {
  let firstAtMs: number | null = null;
  const onSocket = (message: unknown) => {
    const madeAtMs = Date.now();
    const { socket } = message as { socket: Socket };
    socket.once("connect", () => {
      // Its port is known only now.
      if (socket.remotePort === port) firstAtMs = Math.min(firstAtMs ?? madeAtMs, madeAtMs);
    });
  };
  subscribe("net.client.socket", onSocket);
  return { firstAtMs: () => firstAtMs, stop: () => void unsubscribe("net.client.socket", onSocket) };
}
