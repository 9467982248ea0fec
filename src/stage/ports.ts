import { createServer } from "node:net";
import { UsageError } from "../cli/exit.ts";

/**
 * `count` free TCP ports on loopback. They come from below the range that the kernel gives to outgoing connections
 * (Linux: from 32768), so that none of ours takes one between this look and the part's own bind.
 */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries++) {
    if (tries > 500) throw new UsageError(`no free port between ${FIRST} and ${FIRST + SPAN}; end what listens there`);
    const port = FIRST + Math.floor(Math.random() * SPAN);
    if (handedOut.has(port)) continue;
    handedOut.add(port); // before the look, which takes its time
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

/**
 * Keeps `port` from being handed out.
 * @param whose says whose port it is, where the user did not name it: " (what for)"
 * @throws UsageError when it is taken on loopback.
 */
export async function assertPortFree(port: number, whose = ""): Promise<void> {
  handedOut.add(port);
  if (!(await isFree(port))) {
    throw new UsageError(`port ${port}${whose} is in use; choose another with --port`);
  }
}

/** Two parts that start at the same time must not be given the same one before either has bound it. */
const handedOut = new Set<number>();

const FIRST = 20_000;
const SPAN = 12_000;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
