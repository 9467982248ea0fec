import { once } from "node:events";
import { connect } from "node:net";
import { InconclusiveError } from "../cli/exit.ts";

/**
 * The median time one request and its response take at `address` (host:port), ms, over one kept connection.
 * @throws InconclusiveError when the address does not answer
 */
export async function medianExchangeMs(address: string, exchanges: number): Promise<number> {
  const { hostname, port } = new URL(`http://${address}`);
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  // An end in order is no answer either, but only an error ends the wait for one.
  socket.once("end", () => socket.destroy(new Error("it closed the connection")));
  socket.on("error", () => {});
  try {
    const times: number[] = [];
    for (let i = 0; i < exchanges; i++) {
      const sentAt = performance.now();
      socket.write(`GET / HTTP/1.1\r\nHost: ${address}\r\n\r\n`);
      await once(socket, "data");
      times.push(performance.now() - sentAt);
    }
    return times.sort((a, b) => a - b)[Math.floor(exchanges / 2)]!;
  } catch (error) {
    throw new InconclusiveError(`${address} did not answer: ${(error as Error).message}`);
  } finally {
    socket.destroy();
  }
}
