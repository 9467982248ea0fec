import { join } from "node:path";
import { installNode, type NodeProgram } from "../../src/parts/node.ts";
import { startServer } from "../../test/servers/server.ts";
import type { Lab } from "../lab.ts";
import type { LabTarget } from "./target.ts";

/** That Node, got once for all experiments. @throws EnvironmentError where it cannot be had */
export const nodeOf = (lab: Pick<Lab, "once">, name: string): Promise<NodeProgram> =>
  lab.once(`node ${name}`, (run) => installNode(run, name));

/** What one node:http server is set to; unset = as that Node has it. Times in ms. */
export interface NodeSettings {
  keepAliveTimeout?: number;
  keepAliveTimeoutBuffer?: number;
  headersTimeout?: number;
  /** Requests until the connection is closed, announced. */
  maxRequestsPerSocket?: number;
}

/** The fix as most reports have it. */
export const FIXED: NodeSettings = { keepAliveTimeout: 65_000, headersTimeout: 66_000 };

/** Plain node:http on that Node. */
export const nodeHttp = (node: string, settings: NodeSettings = {}): LabTarget => ({
  title: `Node ${node}`,
  async start(run, lab) {
    const { path, version } = await nodeOf(lab, node);
    return startServer(run, `Node ${version}`, ({ port }) => ({
      name: `Node ${version}`,
      command: path,
      args: [SERVER, String(port), JSON.stringify(settings)],
    }));
  },
});

const SERVER = join(import.meta.dirname, "node-http.cjs");
