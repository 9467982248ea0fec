import { once } from "node:events";
import {
  Agent,
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

export interface ForwardingLb {
  url: string;
  /** How many requests came, and how many bytes of HTTP. */
  seen: { requests: number };
}

/** A standing LB for tests of what stands around one: it passes requests on over kept connections, and says 502 otherwise. */
export async function forwardingLb(
  t: TestContext,
  targetUrl: string,
  how: {
    /** Where it listens. */
    host?: string;
    tls?: { key: string; cert: string };
    /** Headers to add to the answer to the nth request, from 1 up. */
    adds?: (n: number) => Record<string, string>;
    /** Whether the nth request's connection is ended instead of an answer. */
    cuts?: (n: number, socket: IncomingMessage["socket"]) => boolean;
  } = {},
): Promise<ForwardingLb> {
  const agent = new Agent({ keepAlive: true });
  const seen = { requests: 0 };
  const listener: RequestListener = (incoming, outgoing) => {
    const n = ++seen.requests;
    if (how.cuts?.(n, incoming.socket)) return void incoming.socket.destroy();
    passOn(agent, targetUrl, incoming, outgoing, how.adds?.(n) ?? {});
  };
  const server = how.tls ? createTlsServer(how.tls, listener) : createServer(listener);
  server.keepAliveTimeout = 70_000;
  server.on("tlsClientError", () => {});
  const host = how.host ?? "127.0.0.1";
  await once(server.listen(0, host), "listening");
  t.after(() => {
    agent.destroy();
    server.close();
    server.closeAllConnections();
  });
  return { url: `http${how.tls ? "s" : ""}://${host}:${(server.address() as AddressInfo).port}`, seen };
}

function passOn(
  agent: Agent,
  targetUrl: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  added: Record<string, string>,
): void {
  const { method, headers, url } = incoming;
  const onward = request(new URL(url!, targetUrl), { agent, method: method!, headers }, (answer) => {
    const { connection: _, "keep-alive": __, ...kept } = answer.headers;
    outgoing.writeHead(answer.statusCode!, { ...kept, ...added });
    answer.pipe(outgoing);
  });
  onward.on("error", () => outgoing.writeHead(502).end("bad gateway"));
  incoming.pipe(onward);
}
