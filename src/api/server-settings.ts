import type { Server as HttpServer } from "node:http";
import { Server as TlsServer } from "node:tls";
import { UsageError } from "../run/exit.ts";

/**
 * A Node http.Server or https.Server, in as few words as it is asked for: the app of whoever calls this may have other types
 * of Node than we do.
 */
export type NodeServer = Pick<HttpServer, "listening" | "address" | "listen" | "close"> & {
  keepAliveTimeout: number;
};

/** What a server says of its own timeouts: https://nodejs.org/api/http.html#class-httpserver */
export interface ServerSettings {
  keepAliveTimeoutMs: number;
  /** What is added to it, and not announced; null where the property does not exist, as before Node 22.19 and 24.6. */
  keepAliveTimeoutBufferMs: number | null;
  headersTimeoutMs: number | null;
  requestTimeoutMs: number | null;
  /** Of a socket that is not idle between requests; 0 = none. */
  timeoutMs: number | null;
  /** 0 or null = no limit. */
  maxRequestsPerSocket: number | null;
  connectionsCheckingIntervalMs: number | null;
  /** How many listen for "timeout": Node then leaves it to them to close. */
  timeoutListeners: number;
  /** "20.20.2" */
  nodeVersion: string;
}

/** Reads them from the server object: nothing is sent, and nothing has to listen. */
export function readServerSettings(server: NodeServer): ServerSettings {
  const read = (name: string): number | null => {
    const value = (server as unknown as Record<string, unknown>)[name];
    // Not only numbers: what somebody has set to a text is to be shown as it is.
    return (value ?? null) as number | null;
  };
  return {
    keepAliveTimeoutMs: server.keepAliveTimeout,
    keepAliveTimeoutBufferMs: read("keepAliveTimeoutBuffer"),
    headersTimeoutMs: read("headersTimeout"),
    requestTimeoutMs: read("requestTimeout"),
    timeoutMs: read("timeout"),
    maxRequestsPerSocket: read("maxRequestsPerSocket"),
    connectionsCheckingIntervalMs: read("connectionsCheckingInterval"),
    timeoutListeners: (server as unknown as NodeJS.EventEmitter).listenerCount("timeout"),
    nodeVersion: process.versions.node,
  };
}

/** Whether it is one: by what it has, as a test runner may hold its own copy of a class. */
export const isNodeServer = (value: unknown): value is NodeServer =>
  typeof value === "object" &&
  value !== null &&
  "keepAliveTimeout" in value &&
  typeof (value as { listen?: unknown }).listen === "function";

/** @throws UsageError for what is neither a URL nor a server, with what the framework has in its place */
export function assertNodeServer(value: unknown): asserts value is NodeServer {
  if (isNodeServer(value)) return;
  throw new UsageError(`${what(value)} is no URL and no http.Server${instead(value)}`);
}

export const isTls = (server: NodeServer): boolean => server instanceof TlsServer || "setSecureContext" in server;

const what = (value: unknown): string =>
  value === null || value === undefined ? `${value}` : `what was given (${typeof value})`;

function instead(value: unknown): string {
  const has = (name: string) =>
    (typeof value === "object" || typeof value === "function") && value !== null && name in value;
  if (has("getHttpServer")) return ": a NestJS app's is app.getHttpServer()";
  if (has("server")) return ": it has one, give app.server";
  if (has("listener")) return ": it has one, give server.listener";
  if (has("listen")) return ": give what app.listen() returns, or http.createServer(app)";
  return ": give http.createServer(app), app.listen(...), app.server (Fastify) or app.getHttpServer() (NestJS)";
}
