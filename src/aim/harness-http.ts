import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isNeighbour } from "../stage/neighbour.ts";
import type { K6Place } from "../stage/stage.ts";

/** Answers a k6 user once there is something to say (a long poll). `said` is the request's JSON body, or null. */
export type Answerer = (path: string, params: URLSearchParams, said: unknown) => Promise<object>;

export interface HarnessHttp {
  /** Its URL as k6 calls it: from a container, this machine's address has another name. */
  urlOf(harness: K6Place["harness"]): string;
  /** What each request has to bring: `Authorization: Bearer TOKEN`. Ports on loopback are open to every local user. */
  token: string;
  close(): Promise<void>;
}

/**
 * Listens on a free port of each place's address: loopback, or a gateway of this run's container networks. Only who
 * calls it by its own name and knows the token is answered.
 */
export async function startHarnessHttp(places: readonly K6Place["harness"][], answer: Answerer): Promise<HarnessHttp> {
  const servers = new Map<string, Server>();
  const token = randomBytes(32).toString("hex");
  for (const address of new Set(places.map(({ listenOn }) => listenOn))) {
    const names = new Set(places.flatMap(({ listenOn, seenAs }) => (listenOn === address ? [seenAs] : [])));
    const server = await listen(address, (request, response) => {
      const { port } = server.address() as AddressInfo;
      // A page that a browser shows could name another host (DNS rebinding), and knows no token.
      const isExpected = [...names].some((name) => request.headers.host === `${name}:${port}`);
      if (isExpected && isSame(request.headers.authorization ?? "", `Bearer ${token}`)) {
        void respond(request, response, answer);
      } else response.writeHead(403).end();
    });
    servers.set(address, server);
  }
  return {
    urlOf: ({ listenOn, seenAs }) => `http://${seenAs}:${(servers.get(listenOn)!.address() as AddressInfo).port}`,
    token,
    close: async () => void (await Promise.all([...servers.values()].map(close))),
  };
}

async function listen(address: string, listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  // A gateway's address is one of this machine's: other networks' containers reach it too.
  server.on("connection", (socket) => isNeighbour(socket) || socket.destroy());
  // Node's own defaults would close k6's idle connections to us after 6 s: the very thing this project is about.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, address, resolve);
  });
  return server;
}

/** Takes as long whatever is wrong. */
const isSame = (given: string, expected: string): boolean => timingSafeEqual(sumOf(given), sumOf(expected));

const sumOf = (text: string): Buffer => createHash("sha256").update(text).digest();

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

async function respond(request: IncomingMessage, response: ServerResponse, answer: Answerer): Promise<void> {
  try {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://harness");
    const body = await bodyOf(request);
    const told = await answer(pathname, searchParams, body === "" ? null : JSON.parse(body));
    response.setHeader("Content-Type", "application/json").end(JSON.stringify(told));
  } catch (error) {
    response.writeHead(400).end((error as Error).message);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  return body;
}
