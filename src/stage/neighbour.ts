import type { Socket } from "node:net";

/**
 * Whether a connection comes from the /24 of the address that it came to. A container network's gateway is an address of
 * this machine like any other: containers of other networks, and anything with a route, reach it too.
 */
export const isNeighbour = ({ localAddress, remoteAddress }: Pick<Socket, "localAddress" | "remoteAddress">): boolean =>
  netOf(localAddress) !== null && netOf(localAddress) === netOf(remoteAddress);

const netOf = (address: string | undefined): string | null =>
  /^(?:::ffff:)?(\d+\.\d+\.\d+)\.\d+$/.exec(address ?? "")?.[1] ?? null;
