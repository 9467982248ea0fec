import type { AppRequest } from "../record/request.ts";
import { abortAfter } from "../run/abort-after.ts";
import { openConnection } from "./connection.ts";
import { requestBytes } from "./request-bytes.ts";

/** After how many requests the server ends a connection, and whether its last answer said so. */
export interface RequestLimit {
  requests: number;
  /** The most that another connection got, where two were counted; a limit may be drawn by lot. */
  atMost?: number;
  /** It was seen of one connection only, which was in use all the time. */
  once?: true;
  /** By `Connection: close`. Unannounced, the next request may cross the close on its way: a race. */
  announced: boolean;
}

/** What the search for a limit came to. */
export interface LimitSearch {
  limit: RequestLimit | null;
  /** How many requests one connection has answered, so far as there is no limit. */
  lookedUpTo: number;
  /** Why not further, in words that follow "because"; null = as far as was meant. */
  why: string | null;
}

/** Whether it may be sent again and again: safe by definition (RFC 9110 section 9.2.1); nobody wants a hundred of others. */
export const isRepeatable = ({ method }: Pick<AppRequest, "method">): boolean =>
  ["GET", "HEAD", "OPTIONS"].includes(method);

/**
 * Sends one request after the other on one connection until the server ends it, up to 110 requests or for 3 s. To end it
 * after the first one already is no limit: no connection is kept. An unannounced limit has to show twice; once may be
 * chance.
 */
export async function findRequestLimit(url: URL, request: AppRequest, signal: AbortSignal): Promise<LimitSearch> {
  if (!isRepeatable(request)) {
    return { limit: null, lookedUpTo: 1, why: `a ${request.method} is not repeated at will` };
  }
  const first = await countRequests(url, request, signal);
  if (first.limit === null || first.limit.announced) return first;
  const again = await countRequests(url, request, signal);
  if (again.limit === null || again.limit.announced) {
    const why = `one connection was ended after ${first.limit.requests} requests, which did not show a second time`;
    return { ...again, limit: again.limit, why };
  }
  const [requests, atMost] = [first.limit.requests, again.limit.requests].sort((a, b) => a - b) as [number, number];
  const limit: RequestLimit = { requests, ...(atMost > requests && { atMost }), announced: false };
  return { limit, lookedUpTo: requests, why: null };
}

/** Apache and Tomcat end a connection after 100; nginx after 1,000, announced, which is not worth its traffic. */
const MAX_REQUESTS = 110;

const MAX_MS = 3000;

async function countRequests(url: URL, request: AppRequest, signal: AbortSignal): Promise<LimitSearch> {
  const beganMs = performance.now();
  const isLate = () => performance.now() - beganMs >= MAX_MS;
  const connection = openConnection(url, abortAfter(MAX_MS, signal));
  const bytes = requestBytes(url, request);
  const upTo = (lookedUpTo: number, why: string | null): LimitSearch => ({ limit: null, lookedUpTo, why });
  const after = (requests: number, announced: boolean): LimitSearch => ({
    limit: { requests, announced },
    lookedUpTo: requests,
    why: null,
  });
  let status: number | null = null;
  try {
    for (let requests = 1; requests <= MAX_REQUESTS; requests++) {
      if (isLate()) return upTo(requests - 1, SLOW);
      const answer = await connection.ask(bytes, request.method);
      if (answer === null) {
        const { by } = await connection.ended;
        if (by === null) return upTo(requests - 1, SLOW);
        return requests <= 2 ? upTo(requests - 1, null) : after(requests - 1, false);
      }
      if (answer.announcedClose) return requests === 1 ? upTo(1, null) : after(requests, true);
      // 429 after 200, say: it has had enough of us, and what follows says nothing about its connections.
      if (status !== null && answer.status !== status) {
        return upTo(requests - 1, `it then answered ${answer.status} instead of ${status}`);
      }
      status = answer.status;
    }
    return upTo(MAX_REQUESTS, null);
  } finally {
    connection.close();
  }
}

const SLOW = `more take longer than the ${MAX_MS / 1000} s for it`;
