import { median } from "../../scenarios/lib/median.ts";
import { InconclusiveError } from "../cli/exit.ts";
import type { AppRequest } from "../cli/request.ts";
import { type Connection, openConnection } from "./connection.ts";
import { getRequest, requestBytes } from "./request-bytes.ts";

/** What an exchange takes straight to the target, and what the network's round trip adds, as measured, ms. */
export interface NetworkTimes {
  directMs: number;
  rttMs: number;
}

/**
 * Measures the network in front of a target. Also warms that target up: the first requests of a Node process take
 * several ms.
 * @param exchanges how many requests each of the two ways takes
 * @throws InconclusiveError when either does not answer
 */
export async function measureNetwork(
  stage: { targetUrl: string; networkAddress: string },
  { request, exchanges = EXCHANGES }: { request?: AppRequest; exchanges?: number } = {},
): Promise<NetworkTimes> {
  const url = new URL(stage.targetUrl);
  const directMs = await medianExchangeMs(url, exchanges, request);
  const through = new URL(url);
  through.host = stage.networkAddress;
  const throughMs = await medianExchangeMs(through, exchanges, withHost(request ?? getRequest(url), url));
  return { directMs, rttMs: Math.max(0, throughMs - directMs) };
}

const EXCHANGES = 31;

/** The request as `url` gets it, for sending it to another address. */
const withHost = (request: AppRequest, { host }: URL): AppRequest => ({
  ...request,
  headers: request.headers.some(([name]) => name.toLowerCase() === "host")
    ? request.headers
    : [["Host", host], ...request.headers],
});

/**
 * The median time one request and its whole response take at `url`, ms, over one kept connection; over one each where
 * the server does not keep it.
 * @throws InconclusiveError when the address does not answer
 */
export async function medianExchangeMs(url: URL, exchanges: number, request = getRequest(url)): Promise<number> {
  const bytes = requestBytes(url, request);
  const { signal } = new AbortController();
  const times: number[] = [];
  let connection: Connection | null = null;
  try {
    while (times.length < exchanges) {
      const isNew = connection === null;
      connection ??= openConnection(url, signal);
      const limit = setTimeout(connection.close, ANSWER_WITHIN_MS);
      await connection.ready;
      const sentAt = performance.now();
      const answer = await connection.ask(bytes, request.method);
      clearTimeout(limit);
      if (answer) times.push(answer.atMs - sentAt);
      if (answer && !answer.announcedClose) continue;
      if (answer === null && isNew)
        throw new InconclusiveError(`${url.host} did not answer: ${await reasonOf(connection)}`);
      connection.close();
      connection = null;
    }
    return median(times);
  } finally {
    connection?.close();
  }
}

/** A target that hangs must not hang us. */
const ANSWER_WITHIN_MS = 10_000;

async function reasonOf(connection: Connection): Promise<string> {
  const { by, error } = await connection.ended;
  if (by === null) return `nothing came in ${ANSWER_WITHIN_MS / 1000} s`;
  return error?.message ?? "it closed the connection";
}
