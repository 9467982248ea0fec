import { join } from "node:path";
import { startServer } from "../../test/servers/server.ts";
import type { LabTarget } from "./target.ts";

/** aiohttp's grace re-check (aio-libs/aiohttp#13283), as a Node server: when the timer is up, one more look at the socket. */
export const graceful: LabTarget = {
  title: "a target that looks once more",
  start: (run) =>
    startServer(run, `Node ${process.versions.node}, with a grace re-check`, ({ port }) => ({
      name: "the target",
      command: process.execPath,
      args: [join(import.meta.dirname, "grace.cjs"), String(port)],
    })),
};
