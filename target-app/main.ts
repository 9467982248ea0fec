// The target behind the load balancer. Bundled into one file, so nothing here reads a file or knows its own path,
// and there is no top-level await, which a CommonJS bundle could not hold.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { EXIT, UsageError } from "../src/run/exit.ts";
import { createApp } from "./app.ts";
import { startBusyLoop } from "./busy.ts";
import { trackConnections } from "./connections.ts";
import { createLog } from "./log.ts";
import { readSettings, type Settings } from "./settings.ts";
import { stopOnSignal } from "./stop.ts";
import { applyTimeouts, predict, readTimeouts } from "./timeouts.ts";

try {
  start(readSettings(process.env));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  giveUp(error.message);
}

function start(settings: Settings): void {
  const { host, port, asked } = settings;
  const log = createLog(process.stdout, process.stderr);
  const server = createServer();
  const prediction = predict(process.version, readTimeouts(server), asked);
  applyTimeouts(server, asked);
  const connectionOf = trackConnections(server, log);
  server.on("request", createApp({ connectionOf, log, workMs: asked.workMs ?? 0, stopping: () => !server.listening }));

  server.once("error", (error: NodeJS.ErrnoException) => giveUp(cannotListen(error, settings)));
  server.listen({ host, port }, () => {
    const stopBusyLoop = asked.eventLoopBusy && startBusyLoop(asked.eventLoopBusy);
    stopOnSignal(server, () => stopBusyLoop?.());
    const realPort = (server.address() as AddressInfo).port;
    log({ event: "listening", port: realPort, host, node: process.version, asked, ...prediction });
  });
}

function cannotListen(error: NodeJS.ErrnoException, { host, port }: Settings): string {
  const at = `PORT=${port} on HOST=${host}`;
  if (error.code === "EADDRINUSE")
    return `${at} is in use: stop what holds it, or set PORT to another (0 takes a free one)`;
  if (error.code === "EACCES") return `${at} needs privileges: set PORT to 1024 or above (0 takes a free one)`;
  return `cannot listen at ${at} (${error.code}): set HOST to an address of this machine, 127.0.0.1 or, in a container, 0.0.0.0`;
}

function giveUp(message: string): void {
  process.stderr.write(`target-app: ${message}\n`);
  process.exitCode = EXIT.usageOrEnvironment;
}
