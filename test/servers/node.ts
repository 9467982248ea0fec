import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import type { Run } from "../../src/run/run.ts";
import { predict, readTimeouts } from "../../target-app/timeouts.ts";
import { type RealServer, startServer } from "./server.ts";

/** Plain node:http without any option, or with that keepAliveTimeout. */
export const startNodeHttp = (run: Run, keepAliveTimeoutMs?: number): Promise<RealServer> =>
  startNode(run, "node-http.mjs", NODE, keepAliveTimeoutMs);

/** Fastify without any option, or with that keepAliveTimeout. */
export async function startFastify(run: Run, keepAliveTimeoutMs?: number): Promise<RealServer> {
  const { version } = JSON.parse(await readFile(FASTIFY, "utf8")) as { version: string };
  return startNode(run, "fastify.mjs", `Fastify ${version} on ${NODE}`, keepAliveTimeoutMs);
}

/** What this Node adds to every keepAliveTimeout: 1000 ms since 20.18.0 and 22.9.0, before that nothing. */
export const bufferMs = predict(process.version, readTimeouts(createServer()), {
  keepAliveTimeoutMs: undefined,
  keepAliveTimeoutBufferMs: undefined,
  headersTimeoutMs: undefined,
}).will.bufferMs;

const NODE = `Node ${process.versions.node}`;
const FASTIFY = join(import.meta.dirname, "../../node_modules/fastify/package.json");

const startNode = (run: Run, program: string, version: string, keepAliveTimeoutMs?: number): Promise<RealServer> =>
  startServer(run, version, ({ port }) => ({
    name: program,
    command: process.execPath,
    args: [join(import.meta.dirname, program), ...[port, keepAliveTimeoutMs ?? []].flat().map(String)],
  }));
