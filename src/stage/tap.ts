import { lookup } from "node:dns/promises";
import { networkInterfaces } from "node:os";
import { endpointOf } from "../probe/connection.ts";
import type { Tap } from "./stage.ts";

/** The loopback interface where the target is on this machine's loopback; null elsewhere. */
export async function tapOf(target: URL): Promise<Tap | null> {
  const { host, port } = endpointOf(target);
  if (!(await isLoopback(host))) return null;
  const [device] = Object.entries(networkInterfaces()).find(([, addresses]) =>
    addresses?.some(({ internal }) => internal),
  ) ?? [null];
  return device === null ? null : { device, port };
}

/** Whether `host` means this machine's loopback. A name that nobody knows does not. */
export async function isLoopback(host: string): Promise<boolean> {
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  const { address } = await lookup(host).catch(() => ({ address: "" }));
  return /^127\.|^::1$/.test(address);
}
