import type { Run } from "../../src/run/run.ts";
import type { GoServer } from "./go/build.ts";
import { type RealServer, startServer } from "./server.ts";

/** Go's net/http without timeouts, or with that IdleTimeout ("2s"). */
export const startGo = (run: Run, { path, version }: GoServer, idleTimeout?: string): Promise<RealServer> =>
  startServer(run, `Go ${version}`, ({ port }) => ({
    name: "the Go server",
    command: path,
    args: [String(port), ...(idleTimeout ? [idleTimeout] : [])],
  }));
