import http, { type RefinedResponse } from "k6/http";
import type { AppRequest } from "../../src/record/request.ts";
import { cacheHeader } from "../lib/from-cache.ts";
import { isOk } from "../lib/ok-status.ts";

export interface LbAnswer {
  status: number;
  /** The pooled connection that served it (the simulator's X-Up); null when the LB does not say. */
  connection: string | null;
  /** True when the LB answered by itself: the target did not. */
  fromLb: boolean;
  /** True when this user's own connection to the LB had to be reopened: k6 may have repeated the request unseen. */
  reconnected: boolean;
  /** Whether the status is one that the target is known to answer with when all is well. */
  ok: boolean;
  /** The header that says that a cache answered; null without one. */
  cached: string | null;
  requestId: string;
}

export interface Route {
  /** The LB's address. */
  url: string;
  request: AppRequest;
  /** "200", "2xx": what the target answers with when all is well. */
  okStatus: readonly string[];
}

/** Sends one request to the LB. Each user (0-based) keeps to an LB node of its own. */
export function lbRequest({ url, request, okStatus }: Route, user: number, requestId: string): LbAnswer {
  const response = http.request(request.method, `${url}${request.path}`, request.body, {
    headers: {
      ...Object.fromEntries(request.headers),
      "x-lb-node": String(user + 1),
      "x-request-id": requestId,
    },
    // Neither kept nor unpacked: what a target sends may be large, or grow when it is unpacked.
    responseType: "none",
    redirects: 0,
    timeout: "30s",
    tags: { name: "lb" },
  });
  const connection = header(response, "X-Up");
  const headers = new Map(Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    status: response.status,
    connection,
    fromLb: response.status >= 500 && connection === null,
    reconnected: response.timings.connecting > 0,
    ok: isOk(response.status, okStatus),
    cached: cacheHeader((name) => headers.get(name) ?? null),
    requestId,
  };
}

const header = (response: RefinedResponse<"none">, name: string): string | null => response.headers[name] ?? null;
