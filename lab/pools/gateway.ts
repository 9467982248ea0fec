import { join } from "node:path";
import { startProcess } from "../../src/run/process.ts";
import type { Run } from "../../src/run/run.ts";
import type { Pool } from "../../src/stage/lb.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { accepts, waitUntilReady } from "../../src/stage/wait-until-ready.ts";
import type { Lab } from "../lab.ts";
import { nodeOf } from "../targets/node-version.ts";

/**
 * The gateway of report E: a Node proxy with agentkeepalive.
 * @param node the major that runs it: newer ones heed the target's Keep-Alive header by themselves
 */
export const gatewayPool =
  (freeSocketMs: number, node?: string) =>
  async (_run: Run, lab: Lab): Promise<Pool> => {
    const program = node === undefined ? OWN_NODE : await nodeOf(lab, node);
    return {
      name: `agentkeepalive, ${freeSocketMs / 1000} s, on Node ${program.version}`,
      async start(run, { guard, nodes, onLine }) {
        const [port] = (await freePorts(1)) as [number];
        const args = [GATEWAY, port, ...guard.split(":"), nodes, freeSocketMs].map(String);
        const running = await startProcess({ name: "the gateway", command: program.path, args, env: {}, onLine });
        run.defer(() => running.stop());
        await waitUntilReady(running, () => accepts(port), run);
        return `127.0.0.1:${port}`;
      },
    };
  };

/** Its errors on the way to the target, each of which it turned into a 502: { "ECONNRESET at the gateway": 10 }. */
export function gatewayErrors(log: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of log) {
    const [, code] = /^\{"gateway":"(\w+)"/.exec(line) ?? [];
    if (code) counts[`${code} at the gateway`] = (counts[`${code} at the gateway`] ?? 0) + 1;
  }
  return counts;
}

const GATEWAY = join(import.meta.dirname, "gateway.cjs");
const OWN_NODE = { path: process.execPath, version: process.versions.node };
