import { join } from "node:path";
import { fromNpm } from "../../src/parts/from-npm.ts";
import { startFastify } from "../../test/servers/node.ts";
import { startServer } from "../../test/servers/server.ts";
import type { NodeSettings } from "./node-version.ts";
import type { LabTarget } from "./target.ts";

/** Fastify as it comes, or with that keepAliveTimeout. */
export const fastify = (title: string, keepAliveTimeoutMs?: number): LabTarget => ({
  title,
  start: (run) => startFastify(run, keepAliveTimeoutMs),
});

/** Koa, the server that its listen() returns set to that. */
export const koa = (title: string, settings: NodeSettings = {}): LabTarget => ({
  title,
  async start(run, lab) {
    const folder = await lab.once("koa", (whole) => fromNpm(whole, KOA, `koa-${KOA.version}`));
    return startServer(run, `Koa ${KOA.version} on Node ${process.versions.node}`, ({ port }) => ({
      name: "Koa",
      command: process.execPath,
      args: [PROGRAM, String(port), folder, JSON.stringify(settings)],
    }));
  },
});

const KOA = { name: "koa", version: "3.3.0", fetching: "Koa 3.3.0 with npm, once (2-20 s, 2 MB)" };
const PROGRAM = join(import.meta.dirname, "koa.cjs");
