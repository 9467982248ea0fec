import { lookup } from "node:dns/promises";
import { networkInterfaces } from "node:os";
import { endpointOf } from "../record/endpoint.ts";
import type { Hop, Tap } from "./stage.ts";

/** The hops that go over this machine's loopback, given by the URLs that they lead to; none when one of them does not. */
export async function loopbackTaps(urls: Partial<Record<Hop, string>>): Promise<Tap[]> {
  const device = loopbackDevice();
  const ends = Object.entries(urls).map(([hop, url]) => ({ hop: hop as Hop, ...endpointOf(new URL(url)) }));
  const all = await Promise.all(ends.map(({ host }) => isLoopback(host)));
  if (device === null || all.includes(false)) return [];
  return ends.map(({ hop, port }) => ({ hop, device, port }));
}

/** Whether `host` means this machine's loopback, as 0.0.0.0 and :: do for who connects. An unknown name does not. */
export async function isLoopback(host: string): Promise<boolean> {
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  const { address } = await lookup(host).catch(() => ({ address: "" }));
  return /^127\.|^0\.0\.0\.0$|^::1?$|^::ffff:(127\.|7f[0-9a-f]{2}:|0\.0\.0\.0$|0:0$)/.test(address);
}

/** "lo" on Linux, "lo0" on macOS. */
const loopbackDevice = (): string | null =>
  Object.entries(networkInterfaces()).find(([, addresses]) => addresses?.some(({ internal }) => internal))?.[0] ?? null;
