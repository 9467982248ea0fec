import { createServer } from "node:http";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { startBusyLoop } from "../../target-app/busy.ts";

// tsx busy-server.ts PORT KEEP_ALIVE_TIMEOUT_MS SHARE BLOCK_MS: node:http, its event loop blocked for that share of the
// time, that long at a time. GET /loop says what its turns were like.
const [port, keepAliveTimeout, share, blockMs] = process.argv.slice(2).map(Number) as [number, number, number, number];
const RESOLUTION_MS = 1;
const turns = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
turns.enable();

const server = createServer(({ url }, response) => {
  if (url !== "/loop") return void response.end("ok\n");
  const [meanMs, deviationMs] = [turns.mean / 1e6, turns.stddev / 1e6];
  response.end(
    JSON.stringify({
      utilization: performance.eventLoopUtilization().utilization,
      // How long the turn is, on average, in which an instant falls; the monitor's own timer makes the shortest ones.
      turnMs: Math.max(0, (meanMs ** 2 + deviationMs ** 2) / meanMs - RESOLUTION_MS),
    }),
  );
});
server.keepAliveTimeout = keepAliveTimeout;
server.listen(port, "127.0.0.1");
if (share > 0) startBusyLoop({ share, blockMs });
