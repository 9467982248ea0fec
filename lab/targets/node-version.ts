import { join } from "node:path";
import { EnvironmentError, UsageError } from "../../src/run/exit.ts";
import { lastLines } from "../../src/run/last-words.ts";
import { runToEnd } from "../../src/run/process.ts";
import type { Run } from "../../src/run/run.ts";
import type { Program } from "../../test/servers/find-program.ts";
import { inCache } from "../../test/servers/in-cache.ts";
import { startServer } from "../../test/servers/server.ts";
import type { Lab } from "../lab.ts";
import type { LabTarget } from "./target.ts";

/** Versions of Node by the names that people use; npm's own packages of its binaries. */
export const NODES: Readonly<Record<string, string>> = {
  "8": "8.17.0",
  "10.19": "10.19.0",
  "12": "12.22.12",
  "12.18": "12.18.0",
  "14": "14.21.3",
  "16": "16.20.2",
  "18": "18.20.8",
  "20.0": "20.0.0",
  "20": "20.20.2",
  "22": "22.23.3",
  "24": "24.21.0",
  "26": "26.10.0",
};

/** @throws UsageError for a version that is not in the list */
export function nodeVersion(name: string): string {
  const version = NODES[name] ?? Object.values(NODES).find((one) => one === name);
  if (version) return version;
  throw new UsageError(
    `Node ${name} is not one that is measured here, expected one of ${Object.keys(NODES).join(", ")}`,
  );
}

/** That Node, in the project's cache, fetched once from npm. @throws EnvironmentError where it cannot be had */
export const nodeOf = (lab: Pick<Lab, "once">, name: string): Promise<Program> =>
  lab.once(`node ${name}`, (run) => installNode(run, nodeVersion(name)));

async function installNode(run: Run, version: string, env: NodeJS.ProcessEnv = process.env): Promise<Program> {
  const platform = `${process.platform}-${process.arch}`;
  const name = `node-${process.platform}-${process.arch}`;
  const fetchIt = async (folder: string) => {
    run.progress.line(`fetching Node ${version} with npm, once (5-30 s, 30-100 MB)`);
    const args = ["install", "--prefix", folder, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
    const { code, output } = await runToEnd("npm", [...args, `${name}@${version}`], { env, signal: run.signal });
    if (code !== 0) throw new EnvironmentError(`npm could not install ${name} ${version}:${lastLines(output)}`);
  };
  const folder = await inCache(`node-${version}-${platform}`, fetchIt, env);
  return { path: join(folder, "node_modules", name, "bin/node"), version };
}

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
