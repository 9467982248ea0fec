import { lookup } from "node:dns/promises";
import type { Run } from "../../cli/run.ts";
import { startRelay } from "./relay.ts";

/**
 * Where a container finds somebody's own target.
 * @param gateway the address of this machine that containers reach, where the engine shares its network; null: it runs
 *   in a virtual machine, which leads host.docker.internal to this machine's loopback by itself
 * @returns host:port
 */
export async function hostTarget(run: Run, gateway: string | null, host: string, port: number): Promise<string> {
  const loopback = await loopbackAddress(host);
  if (loopback === null) return `${host.includes(":") ? `[${host}]` : host}:${port}`;
  if (gateway === null) return `host.docker.internal:${port}`;
  return `host.docker.internal:${await startRelay(run, gateway, loopback, port)}`;
}

/** The address, where `host` means this machine; null elsewhere. A name that is not known is Toxiproxy's to report. */
async function loopbackAddress(host: string): Promise<string | null> {
  if (host === "localhost" || host.endsWith(".localhost")) return "localhost";
  const { address } = await lookup(host).catch(() => ({ address: "" }));
  return /^127\.|^::1$/.test(address) ? address : null;
}
