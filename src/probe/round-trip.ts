import { median } from "../../scenarios/lib/median.ts";
import { type Endpoint, endpointOf } from "../record/endpoint.ts";
import type { AppRequest } from "../record/request.ts";
import { InconclusiveError } from "../run/exit.ts";
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
 * @throws InconclusiveError when either does not answer; the signal's reason when it is aborted
 */
export async function measureNetwork(
  stage: { targetUrl: string; networkAddress: string },
  { exchanges = EXCHANGES, ...how }: ExchangeOptions & { exchanges?: number } = {},
): Promise<NetworkTimes> {
  const url = new URL(stage.targetUrl);
  const directMs = await medianExchangeMs(url, exchanges, how);
  const at = endpointOf(new URL(`http://${stage.networkAddress}`));
  const throughMs = await medianExchangeMs(url, exchanges, { ...how, at });
  return { directMs, rttMs: Math.max(0, throughMs - directMs) };
}

const EXCHANGES = 31;

export interface ExchangeOptions {
  /** A GET of the URL where none is given. */
  request?: AppRequest;
  /** Where to connect to instead of the URL's host. */
  at?: Endpoint;
  signal?: AbortSignal;
}

/**
 * The median time one request and its whole response take at `url`, ms, over one kept connection; over one each where
 * the server does not keep it.
 * @throws InconclusiveError when the address does not answer; the signal's reason when it is aborted
 */
export async function medianExchangeMs(
  url: URL,
  exchanges: number,
  { request = getRequest(url), at = endpointOf(url), signal = new AbortController().signal }: ExchangeOptions = {},
): Promise<number> {
  const bytes = requestBytes(url, request);
  const times: number[] = [];
  let connection: Connection | null = null;
  try {
    while (times.length < exchanges) {
      const isNew = connection === null;
      connection ??= openConnection(url, signal, at);
      const limit = setTimeout(connection.close, ANSWER_WITHIN_MS);
      await connection.ready;
      const sentAt = performance.now();
      const answer = await connection.ask(bytes, request.method);
      clearTimeout(limit);
      signal.throwIfAborted();
      if (answer) times.push(answer.atMs - sentAt);
      if (answer && !answer.announcedClose) continue;
      if (answer === null && isNew) {
        throw new InconclusiveError(`${at.host}:${at.port} did not answer: ${await reasonOf(connection)}`);
      }
      connection.close();
      connection = null;
    }
    return median(times);
  } finally {
    connection?.close();
  }
}

/** A target that hangs must not hang us. */
const ANSWER_WITHIN_MS = 30_000;

async function reasonOf(connection: Connection): Promise<string> {
  const { by, error } = await connection.ended;
  if (by === null) return `nothing came in ${ANSWER_WITHIN_MS / 1000} s`;
  return error?.message ?? "it closed the connection";
}
