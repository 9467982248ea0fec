import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Endpoint } from "../record/endpoint.ts";
import { lookup } from "../run/lookup.ts";
import type { Run } from "../run/run.ts";
import { isNeighbour } from "./neighbour.ts";

/** The last hop before a target: ends TCP and passes on bytes, FIN and RST unchanged. */
export interface Relay {
  port: number;
  /** From now on `keeper` sees all that passes, and may keep back what the target says. */
  guard(keeper: Doorkeeper): void;
}

/** What the target says on a connection. `RST` is its kernel's word; a relay never makes one up. */
export type Said = { kind: "bytes"; bytes: Buffer } | { kind: "FIN" } | { kind: "RST" };

/** One connection through the relay. */
export interface Passage {
  /** From 1, in the order in which they were opened. */
  id: number;
  /** Passes on, in order, what was kept back; from then on nothing waits. */
  release(): void;
}

/** Watches the passages of one relay. */
export interface Doorkeeper {
  /** Bytes of the LB came, and were written to the target's socket. */
  fromLb(passage: Passage, bytes: Buffer): void;
  /** @returns true = keep it, and all that follows it on this passage, until release() */
  fromTarget(passage: Passage, said: Said): boolean;
  /** The LB's side has ended: nobody is left to keep anything back from. */
  ended(passage: Passage): void;
}

/**
 * Listens on a free port of `listenOn`; the run's end closes it and whatever is open.
 * @param listenOn loopback, or the gateway of a stage's container network; its neighbours alone are served
 */
export async function startRelay(run: Pick<Run, "defer">, listenOn: string, target: Endpoint): Promise<Relay> {
  const open = new Set<Socket>();
  let keeper: Doorkeeper | null = null;
  let passages = 0;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (lb) => {
    if (!isNeighbour(lb)) return void lb.destroy();
    const far = connect({ ...target, lookup, allowHalfOpen: true, noDelay: true });
    for (const socket of [lb, far]) {
      open.add(socket);
      socket.once("close", () => open.delete(socket));
    }
    join(++passages, lb, far, () => keeper);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: listenOn, port: 0 }, resolve);
  });
  run.defer(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return {
    port: (server.address() as AddressInfo).port,
    guard: (one) => {
      keeper = one;
    },
  };
}

/** A FIN ends one direction only, an RST both. */
function join(id: number, lb: Socket, target: Socket, keeper: () => Doorkeeper | null): void {
  const kept: Said[] = [];
  let targetEnded = false;
  const passage: Passage = {
    id,
    release() {
      for (const said of kept.splice(0)) pass(said);
    },
  };
  const pass = (said: Said) => {
    if (said.kind === "RST") reset(lb);
    else if (said.kind === "FIN") lb.end();
    // A slow LB must not fill this process's memory.
    else if (!lb.write(said.bytes) && !target.destroyed) target.pause();
  };
  const hear = (said: Said) => {
    if (kept.length > 0 || keeper()?.fromTarget(passage, said)) kept.push(said);
    else pass(said);
  };

  lb.on("data", (bytes) => {
    if (!target.write(bytes)) lb.pause();
    if (targetEnded) provokeReset(target);
    keeper()?.fromLb(passage, bytes);
  });
  lb.on("end", () => {
    target.end();
    keeper()?.ended(passage);
  });
  lb.on("drain", () => target.resume());
  lb.on("error", () => reset(target));
  lb.on("close", () => {
    kept.length = 0;
    keeper()?.ended(passage);
    // Half-closed by a target that never ends: nobody reads it any more.
    if (!target.destroyed && target.readableEnded) target.destroy();
  });

  target.on("data", (bytes: Buffer) => hear({ kind: "bytes", bytes }));
  target.on("end", () => {
    targetEnded = true;
    hear({ kind: "FIN" });
  });
  target.on("drain", () => lb.resume());
  target.on("error", () => hear({ kind: "RST" }));
}

/**
 * Passes an RST on. While a FIN is on its way out libuv refuses to (UV_EINVAL of uv_tcp_close_reset), and Node would keep
 * the handle forever, even beyond the process's own end.
 */
function reset(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.once("finish", () => socket.resetAndDestroy());
  else socket.resetAndDestroy();
}

/**
 * The target's kernel answers what comes after its FIN with RST. Node reads no more after a FIN, so it hears of that at
 * its next write: an empty one asks the kernel and sends nothing.
 */
function provokeReset(target: Socket, tries = 20): void {
  if (target.destroyed || !target.writable || tries === 0) return;
  target.write("");
  setTimeout(() => provokeReset(target, tries - 1), 1);
}
