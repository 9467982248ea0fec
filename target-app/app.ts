import type { Socket } from "node:net";
import express, { type Express, type RequestHandler } from "express";
import { holdCpu } from "./busy.ts";
import type { Connection } from "./connections.ts";
import { epochMs, type Log } from "./log.ts";

type Parts = {
  connectionOf: (socket: Socket) => Connection;
  log: Log;
  /** How long each request holds the CPU, ms; health checks do not. */
  workMs: number;
  /** True once the server is stopping: from then on each answer ends its connection. */
  stopping: () => boolean;
};

/** The Express app: `GET /healthz`, and 200 for any other method and path, each answer naming its connection. */
export function createApp({ connectionOf, log, workMs, stopping }: Parts): Express {
  const app = express();
  app.disable("x-powered-by");
  // With an ETag a conditional request would get 304; every request is to get 200.
  app.disable("etag");
  app.use(logRequests(connectionOf, log), drainBody);
  app.use((_req, res, next) => {
    if (stopping()) res.set("Connection", "close");
    next();
  });
  app.get("/healthz", (_req, res) => void res.json({ status: "ok" }));
  app.use((req, res) => {
    holdCpu(workMs);
    const { id, served } = connectionOf(req.socket);
    res.json({ connection: id, served });
  });
  return app;
}

function logRequests(connectionOf: Parts["connectionOf"], log: Log): RequestHandler {
  return (req, res, next) => {
    const at = epochMs();
    const connection = connectionOf(req.socket);
    const served = ++connection.served;
    res.on("close", () => {
      log({
        event: "request",
        at,
        id: req.get("X-Request-Id") ?? null,
        connection: connection.id,
        served,
        remotePort: connection.remotePort,
        method: req.method,
        path: req.path,
        status: res.writableFinished ? res.statusCode : null,
      });
    });
    next();
  };
}

/** Answers only once the body has been read to its end and thrown away, as a body parser would. */
const drainBody: RequestHandler = (req, _res, next) => {
  req.on("end", () => next()).resume();
};
