// A closed loop: each of CONNECTIONS kept connections to ADDRESS (host:port) sends its next request as soon as the last
// one is answered, for TIME_MS. A process of its own, so that reading the parts' logs does not slow it down.
// Prints one line of JSON.
import { quantile } from "../figures.ts";
import { connectClient, type KeepAliveClient } from "./keep-alive-client.ts";
import { type LoadResult, readLoadSettings } from "./load-protocol.ts";

const { ADDRESS, CONNECTIONS, TIME_MS } = readLoadSettings(process.env);

// Not counted: fills the pools and warms up every part.
const WARM_UP_MS = 500;

const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => connectClient(ADDRESS)));
await loop(clients, WARM_UP_MS);
const result = await loop(clients, TIME_MS);
for (const client of clients) client.close();
process.stdout.write(`${JSON.stringify(result)}\n`);

async function loop(all: readonly KeepAliveClient[], timeMs: number): Promise<LoadResult> {
  const times: number[] = [];
  let failed = 0;
  const beganAt = performance.now();
  const one = async (client: KeepAliveClient) => {
    while (performance.now() - beganAt < timeMs) {
      const sentAt = performance.now();
      const status = await client.exchange();
      times.push(performance.now() - sentAt);
      if (status !== 200) failed++;
    }
  };
  await Promise.all(all.map(one));
  const tookMs = performance.now() - beganAt;
  times.sort((a, b) => a - b);
  return {
    requests: times.length,
    failed,
    perSecond: (times.length / tookMs) * 1000,
    medianMs: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
  };
}
