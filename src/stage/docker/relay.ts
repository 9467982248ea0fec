import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Run } from "../../run/run.ts";
import { isNeighbour } from "../neighbour.ts";

/**
 * Lets containers reach what listens on this machine's loopback alone, as most apps do while they are developed: passes
 * each connection at `listenOn` on to `host`:`port`, bytes, FIN and RST alike.
 * @param listenOn the gateway of the stage's network, an address of this machine; its neighbours alone are served
 * @returns the port on which it listens; the run's end closes it
 */
export async function startRelay(run: Run, listenOn: string, host: string, port: number): Promise<number> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    if (!isNeighbour(near)) return void near.destroy();
    const far = connect({ host, port, allowHalfOpen: true, noDelay: true });
    passOn(near, far);
    passOn(far, near);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.once("close", () => open.delete(socket));
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: listenOn, port: 0 }, resolve);
  });
  run.defer(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/**
 * A FIN ends one direction only, a RST both. The RST that answers a request after the FIN is noticed at the next write
 * only, as Node reads no more after a FIN: whoever sent that request has the FIN already, and gets no answer either way.
 */
function passOn(from: Socket, to: Socket): void {
  from.pipe(to);
  from.on("error", () => to.resetAndDestroy());
}
