import { join } from "node:path";
import { type RunningProcess, startProcess } from "../../run/process.ts";
import { ROOT } from "../../run/root.ts";
import { type LbSettings, lbEnvironment, lbToTargetEnvironment } from "../lb.ts";
import { freePorts } from "../ports.ts";
import { answersOk, waitUntilReady } from "../wait-until-ready.ts";

export interface Haproxy {
  process: RunningProcess;
  /** Where clients connect, e.g. http://127.0.0.1:8080 */
  url: string;
}

/** Starts the shipped haproxy.cfg in front of `networkAddress`, and waits until its health port answers. */
export async function startHaproxy(options: {
  command: string;
  lb: LbSettings;
  networkAddress: string;
  /** Somebody's own target behind it, which may need its name or TLS; null = our own. */
  foreign?: URL | null;
  folder: string;
  /** The edge's port; a free one when null. */
  port: number | null;
  onLine: (line: string) => void;
  signal: AbortSignal;
  /** Starts another pool in front of the guard's host:port, and gives its own. */
  startPool?: ((guard: string) => Promise<string>) | undefined;
}): Promise<Haproxy> {
  const [edge, health, guard] = (await freePorts(3)) as [number, number, number];
  const edgeAddress = `127.0.0.1:${options.port ?? edge}`;
  const guardAddress = `127.0.0.1:${guard}`;
  const pool = await options.startPool?.(guardAddress);
  const haproxy = await startProcess({
    name: "HAProxy",
    command: options.command,
    args: ["-db", "-f", CONFIG],
    env: {
      ...lbEnvironment(options.lb),
      EDGE_ADDRESS: edgeAddress,
      HEALTH_ADDRESS: `127.0.0.1:${health}`,
      GUARD_ADDRESS: guardAddress,
      POOL_SOCKET: join(options.folder, "pool.sock"),
      POOL_ADDRESS: pool ?? "",
      NETWORK_ADDRESS: options.networkAddress,
      ...lbToTargetEnvironment(options.foreign ?? null),
    },
    onLine: options.onLine,
  });
  try {
    await waitUntilReady(haproxy, () => answersOk(`http://127.0.0.1:${health}/`), options);
  } catch (error) {
    await haproxy.stop();
    throw error;
  }
  return { process: haproxy, url: `http://${edgeAddress}` };
}

const CONFIG = join(ROOT, "simulator/haproxy.cfg");
