import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";

/** Watches this process's own outgoing connections: the probe's, and those that a relay of ours makes for the LB. */
export interface ConnectionWatch {
  /**
   * When the socket of the first one to a watched port was made, of those made at `sinceMs` or later; epoch ms, rounded
   * down. null = there was none.
   */
  firstAtMs(sinceMs?: number): number | null;
  stop(): void;
}

/** From now on. A socket is made before its SYN leaves, so before any byte of its first request. */
export function watchConnectionsTo(ports: readonly number[]): ConnectionWatch {
  const madeMs: number[] = [];
  const onSocket = (message: unknown) => {
    const madeAtMs = Date.now();
    const { socket } = message as { socket: Socket };
    socket.once("connect", () => {
      // Where it leads is known only now.
      if (ports.includes(socket.remotePort!)) madeMs.push(madeAtMs);
    });
  };
  subscribe("net.client.socket", onSocket);
  return {
    firstAtMs(sinceMs = 0) {
      const since = madeMs.filter((atMs) => atMs >= sinceMs);
      return since.length === 0 ? null : Math.min(...since);
    },
    stop: () => void unsubscribe("net.client.socket", onSocket),
  };
}
