import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { EnvironmentError } from "../run/exit.ts";

/**
 * `count` free TCP ports on loopback. They come from below the range that the kernel gives to outgoing connections
 * (Linux: from 32768), and from a block that is this process's alone, so that nothing takes one between this check and
 * the part's own bind: no connection of ours, and no other run, which checks and binds at the same moments.
 * @throws EnvironmentError when there is no free block left.
 */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  while (found.length < count) {
    const port = left.shift();
    if (port === undefined) await reserveBlock();
    else if (!named.has(port) && (await isFree(port))) found.push(port);
  }
  return found;
}

/**
 * Keeps `port` from being handed out.
 * @param whose says whose port it is, where the user did not name it: " (what for)"
 * @throws EnvironmentError when it is taken on loopback.
 */
export async function assertPortFree(port: number, whose = ""): Promise<void> {
  named.add(port);
  if (!(await isFree(port))) {
    throw new EnvironmentError(`port ${port}${whose} is in use; choose another with --port`);
  }
}

/** The ports of this process's blocks that were not handed out yet. */
const left: number[] = [];

/** The ports that the user gave to something. */
const named = new Set<number>();

const FIRST = 20_000;
const BLOCK = 50;
const BLOCKS = 240; // to 32,000

/** Whoever listens on a block's first port owns the block, until the process ends. */
async function reserveBlock(): Promise<void> {
  const start = Math.floor(Math.random() * BLOCKS);
  for (let step = 0; step < BLOCKS; step++) {
    const lock = FIRST + ((start + step) % BLOCKS) * BLOCK;
    if (!named.has(lock) && (await hold(lock))) {
      for (let port = lock + 1; port < lock + BLOCK; port++) left.push(port);
      return;
    }
  }
  throw new EnvironmentError(`no free ports from ${FIRST} to ${FIRST + BLOCKS * BLOCK}; end what listens there`);
}

async function isFree(port: number): Promise<boolean> {
  const held = await hold(port);
  if (held) await once(held.close(), "close");
  return held !== null;
}

/** Listens there, for as long as the process lives; null when somebody else does. */
function hold(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy()).unref();
    server.once("error", () => resolve(null));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => resolve(server));
  });
}
