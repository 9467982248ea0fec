import type { Endpoint } from "../../record/endpoint.ts";
import type { Run } from "../../run/run.ts";
import { type Relay, startRelay } from "../relay.ts";
import { isLoopback } from "../tap.ts";

/** Where the network of a container project leads to. */
export interface Way {
  /** host:port, as a container finds it. */
  address: string;
  relay: Relay | null;
}

/**
 * The way from containers to a target that listens on this machine, or beyond it.
 * @param gateway the address of this machine that containers reach, where the engine shares its network; null: it runs
 *   in a virtual machine, which leads host.docker.internal to this machine's loopback by itself
 * @param listens whether a relay is wanted in any case, to hear the target
 */
export async function wayTo(run: Run, gateway: string | null, target: Endpoint, listens: boolean): Promise<Way> {
  const { host, port } = target;
  // Containers do not reach this machine's loopback, where most apps listen while they are developed.
  const isHere = await isLoopback(host);
  if (listens || (isHere && gateway !== null)) {
    const relay = await startRelay(run, gateway ?? LOOPBACK, target);
    return { address: `${HERE}:${relay.port}`, relay };
  }
  return { address: isHere ? `${HERE}:${port}` : `${host.includes(":") ? `[${host}]` : host}:${port}`, relay: null };
}

const LOOPBACK = "127.0.0.1";
/** This machine, as a container calls it. */
const HERE = "host.docker.internal";
