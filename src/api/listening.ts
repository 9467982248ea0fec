import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { UsageError } from "../run/exit.ts";
import type { Run } from "../run/run.ts";
import { isTls, type NodeServer } from "./server-settings.ts";

/**
 * Where the server listens. One that does not yet is made to, on a free port of this machine's loopback, until the run ends:
 * its connections, which are ours, are closed then.
 * @throws UsageError for one that listens at a Unix socket, which no LB reaches
 */
export async function listeningAt(server: NodeServer, { defer }: Pick<Run, "defer">): Promise<URL> {
  if (!server.listening) {
    server.listen({ port: 0, host: "127.0.0.1" });
    await once(server as Server, "listening");
    defer(() => closed(server as Server));
  }
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new UsageError(
      `the server listens at ${address ?? "nothing"}, and a port was expected: an LB reaches no other`,
    );
  }
  return new URL(`${isTls(server) ? "https" : "http"}://${hostOf(address)}:${address.port}`);
}

/** All of this machine's addresses are its loopback, too. */
const hostOf = ({ address, family }: AddressInfo): string =>
  address === "::" || address === "0.0.0.0" ? "localhost" : family === "IPv6" ? `[${address}]` : address;

async function closed(server: Server): Promise<void> {
  if (!server.listening) return; // the app closed it itself
  const end = once(server, "close");
  server.close();
  server.closeAllConnections();
  await end;
}
