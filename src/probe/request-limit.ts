import type { AppRequest } from "../record/request.ts";
import { openConnection } from "./connection.ts";
import { requestBytes } from "./request-bytes.ts";

/** After how many requests the server ends a connection, and whether its last answer said so. */
export interface RequestLimit {
  requests: number;
  /** By `Connection: close`. Unannounced, the next request may cross the close on its way: a race. */
  announced: boolean;
}

/**
 * Sends one request after the other on one connection until the server ends it. null when it did not within 110
 * requests and 3 s, or does so after the first one already: then there is no limit, but no connection is kept.
 * An unannounced limit has to show twice; once may be chance.
 */
export async function findRequestLimit(url: URL, request: AppRequest, signal: AbortSignal) {
  if (!REPEATABLE.has(request.method)) return null;
  const limit = await countRequests(url, request, signal);
  if (limit === null || limit.announced) return limit;
  const again = await countRequests(url, request, signal);
  if (again === null || again.announced) return null;
  return { requests: Math.min(again.requests, limit.requests), announced: false };
}

/** Safe by definition (RFC 9110 section 9.2.1); nobody wants a hundred of anything else. */
const REPEATABLE = new Set(["GET", "HEAD", "OPTIONS"]);

/** Apache and Tomcat end a connection after 100; nginx after 1,000, announced, which is not worth its traffic. */
const MAX_REQUESTS = 110;

const MAX_MS = 3000;

async function countRequests(url: URL, request: AppRequest, signal: AbortSignal): Promise<RequestLimit | null> {
  const beganMs = performance.now();
  const enough = AbortSignal.timeout(MAX_MS);
  const connection = openConnection(url, AbortSignal.any([signal, enough]));
  const bytes = requestBytes(url, request);
  let status: number | null = null;
  try {
    for (let requests = 1; requests <= MAX_REQUESTS && performance.now() - beganMs < MAX_MS; requests++) {
      const answer = await connection.ask(bytes, request.method);
      if (answer === null) {
        const { by } = await connection.ended;
        return by === null || requests <= 2 ? null : { requests: requests - 1, announced: false };
      }
      if (answer.announcedClose) return requests === 1 ? null : { requests, announced: true };
      // 429 after 200, say: it has had enough of us, and what follows says nothing about its connections.
      if (status !== null && answer.status !== status) return null;
      status = answer.status;
    }
    return null;
  } finally {
    connection.close();
  }
}
