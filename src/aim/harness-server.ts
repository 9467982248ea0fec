import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { StartAnswer, WindowAnswer } from "../../scenarios/lib/harness-protocol.ts";
import { type Deferred, deferred } from "../probe/deferred.ts";
import { type Attempt, attemptSchema } from "../verdict/attempt.ts";

/** What waiting k6 users ask, and where they report; scenarios/lib/harness-protocol.ts is its language. */
export interface HarnessServer {
  url: string;
  /** Resolves when every user of every run has asked to start. */
  everyoneReady: Promise<void>;
  /** Lets them start: user k of a run warms its connection `warmInMs(run, k)` later. */
  start(warmInMs: (run: string, user: number) => number): void;
  /** How long an exchange takes each user of `run` that asked to start, ms. */
  exchangesOf(run: string): number[];
  /** Tells the window of a round to all who wait for it, now and later. */
  announce(round: number, answer: WindowAnswer): void;
  /** Resolves with the attempts of `run` in `round` when all its users have reported. */
  roundOf(run: string, round: number): Promise<Attempt[]>;
  /** All attempts so far. */
  attemptsOf(run: string): Attempt[];
  close(): Promise<void>;
}

/** Listens on a free loopback port for `users` users of each of `runs`. */
export async function startHarnessServer(runs: readonly string[], users: number): Promise<HarnessServer> {
  const everyoneReady = deferred<void>();
  const started = deferred<(run: string, user: number) => number>();
  const windows = new Lazy<WindowAnswer>();
  const rounds = new Lazy<Attempt[]>();
  const exchanges = new Map<string, number[]>(runs.map((run) => [run, []]));
  const attempts = new Map<string, Attempt[]>(runs.map((run) => [run, []]));
  let ready = 0;

  const answer = async (request: IncomingMessage): Promise<StartAnswer | WindowAnswer | object> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://harness");
    const run = searchParams.get("run") ?? "";
    if (pathname === "/start") {
      exchanges.get(run)!.push(Number(searchParams.get("exchangeMs")));
      if (++ready === users * runs.length) everyoneReady.resolve();
      return { warmInMs: (await started.promise)(run, Number(searchParams.get("user"))) };
    }
    if (pathname === "/window") return windows.at(searchParams.get("round") ?? "").promise;
    const attempt = attemptSchema.parse(JSON.parse(await bodyOf(request)));
    const all = attempts.get(run)!;
    all.push(attempt);
    const inRound = all.filter(({ round }) => round === attempt.round);
    if (inRound.length === users) rounds.at(`${run}/${attempt.round}`).resolve(inRound);
    return {};
  };

  const server = createServer((request, response) => void respond(answer(request), response));
  // Node's own defaults would close k6's idle connections to us after 6 s: the very thing this project is about.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    everyoneReady: everyoneReady.promise,
    start: (warmInMs) => started.resolve(warmInMs),
    exchangesOf: (run) => [...exchanges.get(run)!],
    announce: (round, answer) => windows.at(String(round)).resolve(answer),
    roundOf: (run, round) => rounds.at(`${run}/${round}`).promise,
    attemptsOf: (run) => [...attempts.get(run)!],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Promises by name, each made when it is first asked for, by whoever waits or whoever tells. */
class Lazy<T> {
  readonly #made = new Map<string, Deferred<T>>();

  at(name: string): Deferred<T> {
    const found = this.#made.get(name) ?? deferred<T>();
    this.#made.set(name, found);
    return found;
  }
}

async function respond(answer: Promise<object>, response: ServerResponse): Promise<void> {
  try {
    const body = JSON.stringify(await answer);
    response.setHeader("Content-Type", "application/json").end(body);
  } catch (error) {
    response.writeHead(400).end((error as Error).message);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  return body;
}
