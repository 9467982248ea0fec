import type { Server } from "node:http";
import { EXIT } from "../src/run/exit.ts";

const graceMs = 1000;

/**
 * On SIGTERM or SIGINT: takes no more connections, answers what is in flight, closes the idle connections, and lets the
 * process end by itself, which is exit code 0. What is unanswered after a second is cut. A second signal ends it at once.
 */
export function stopOnSignal(server: Server, alsoStop: () => void): void {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(EXIT.interrupted);
    stopping = true;
    alsoStop();
    server.close();
    // close() does it by itself from Node 19 on.
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), graceMs).unref();
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}
