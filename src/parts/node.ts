import { join } from "node:path";
import { UsageError } from "../run/exit.ts";
import type { Run } from "../run/run.ts";
import { fromNpm } from "./from-npm.ts";

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

/** Of what --node names. @throws UsageError for a version that is not in the list */
export function nodeVersion(name: string): string {
  const version = Object.hasOwn(NODES, name) ? NODES[name] : Object.values(NODES).find((one) => one === name);
  if (version) return version;
  throw new UsageError(`--node is "${name}", expected one of ${Object.keys(NODES).join(", ")}; e.g. --node 22`);
}

/** A Node that runs here. */
export interface NodeProgram {
  path: string;
  /** "20.20.2" */
  version: string;
}

/**
 * That Node: this process's own where it is the same, else in the project's cache, fetched once from npm.
 * @param name one of NODES
 * @throws UsageError for one that is not in the list, EnvironmentError where it cannot be had
 */
export async function installNode(run: Pick<Run, "progress" | "signal">, name: string): Promise<NodeProgram> {
  const version = nodeVersion(name);
  if (version === process.versions.node) return { path: process.execPath, version };
  const platform = platformOf(version);
  const fetching = `Node ${version} with npm, once (5-30 s, 30-100 MB)`;
  const folder = await fromNpm(run, { name: `node-${platform}`, version, fetching }, `node-${version}-${platform}`);
  return { path: join(folder, "bin/node"), version };
}

/** Before 16 there is none for Apple's processors, which run the one for Intel's by Rosetta. */
const platformOf = (version: string): string =>
  process.platform === "darwin" && Number.parseInt(version, 10) < 16
    ? "darwin-x64"
    : `${process.platform}-${process.arch}`;
