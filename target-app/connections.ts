import type { Server } from "node:http";
import type { Socket } from "node:net";
import { epochMs, type Log } from "./log.ts";

/** One TCP connection: its number since the start, its peer, and how many requests it has carried so far. */
export type Connection = { id: number; remotePort: number | null; served: number };

/** Numbers the server's connections from 1, logs the end of each, and finds the connection of a socket. */
export function trackConnections(server: Server, log: Log): (socket: Socket) => Connection {
  const connections = new WeakMap<Socket, Connection>();
  let count = 0;
  server.on("connection", (socket: Socket) => {
    // The port is read now: a closed socket has forgotten it.
    const connection = { id: ++count, remotePort: socket.remotePort ?? null, served: 0 };
    connections.set(socket, connection);
    socket.on("close", () => {
      const { id, remotePort, served } = connection;
      log({ event: "close", at: epochMs(), connection: id, served, remotePort });
    });
  });
  return (socket) => connections.get(socket)!;
}
