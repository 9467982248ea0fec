import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { connect } from "node:net";
import { endpointOf } from "../record/endpoint.ts";
import { abortAfter } from "../run/abort-after.ts";
import { lookup } from "../run/lookup.ts";

/** Whether something listens there, on either of this machine's loopbacks where the host is localhost; it is asked nothing. */
export function listens({ host, port }: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, lookup, timeout: CONNECT_MS });
    const end = (found: boolean) => {
      socket.destroy();
      resolve(found);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
  });
}

const CONNECT_MS = 2000;

/**
 * What an app that is being started says to one GET, without the user's headers. no: nothing listens. starting: 502, 503 or
 * 504, as servers and the proxies in front of them say meanwhile. odd: no HTTP, or an end without an answer. ready: all
 * other answers; what is wrong with one is not to be waited for.
 */
export type Readiness = "no" | "starting" | "odd" | "ready";

export function askWhetherReady(url: URL, withinMs: number, signal: AbortSignal): Promise<Readiness> {
  const { host, port } = endpointOf(url);
  const ask = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    let connected = false;
    const request = ask({
      host,
      port,
      path: `${url.pathname}${url.search}`,
      lookup,
      agent: false,
      rejectUnauthorized: false, // as an ALB
      signal: abortAfter(withinMs, signal),
      headers: { Connection: "close" },
    });
    request.once("socket", (socket) => {
      socket.once("connect", () => {
        connected = true;
      });
    });
    request.once("response", ({ statusCode = 0 }) => {
      request.destroy();
      resolve(STARTING.has(statusCode) ? "starting" : "ready");
    });
    request.on("error", () => resolve(connected ? "odd" : "no"));
    request.end();
  });
}

const STARTING = new Set([502, 503, 504]);
