import type { Run } from "../../run/run.ts";
import { isLoopback } from "../tap.ts";
import { startRelay } from "./relay.ts";

/**
 * Where a container finds somebody's own target.
 * @param gateway the address of this machine that containers reach, where the engine shares its network; null: it runs
 *   in a virtual machine, which leads host.docker.internal to this machine's loopback by itself
 * @returns host:port
 */
export async function hostTarget(run: Run, gateway: string | null, host: string, port: number): Promise<string> {
  if (!(await isLoopback(host))) return `${host.includes(":") ? `[${host}]` : host}:${port}`;
  if (gateway === null) return `host.docker.internal:${port}`;
  return `host.docker.internal:${await startRelay(run, gateway, host, port)}`;
}
