// npm test: quiet, since it holds a round trip to 3 ms
import assert from "node:assert/strict";
import { once } from "node:events";
import { networkToxics } from "../../src/stage/network.ts";
import { openRaw } from "../target-app/raw-connection.ts";
import { startNetwork, test } from "./chain.ts";
import { lowerQuartile } from "./lower-quartile.ts";
import { answerAll, startServer } from "./raw-server.ts";

// Enough that the stalls of a busy machine cannot hit nearly all of them.
const ATTEMPTS = 40;

test("The network makes an exchange one round trip longer.", async (t) => {
  const target = await startServer(t, answerAll);
  const network = await startNetwork(t, { target: target.address, rttMs: 20 });

  const addedMs = (await exchangeMs(network)) - (await exchangeMs(target.address));
  t.diagnostic(`${addedMs.toFixed(2)} ms longer`);
  // Never shorter than set. Longer by Toxiproxy's own way through, and twice by a Go timer, each up to 1 ms late.
  assert.ok(addedMs >= 19.8 && addedMs <= 26, `${addedMs} ms longer`);
});

test("A network with a round trip of 0 adds nothing but Toxiproxy's own way through.", async (t) => {
  const target = await startServer(t, answerAll);
  const network = await startNetwork(t, { target: target.address, rttMs: 0 });

  const addedMs = (await exchangeMs(network)) - (await exchangeMs(target.address));
  t.diagnostic(`${addedMs.toFixed(2)} ms longer`);
  assert.ok(addedMs < 3, `${addedMs} ms longer`);
});

test("The FIN of a target that closes an idle connection takes half a round trip to the LB's end of the network.", async (t) => {
  let closedMs = 0;
  const target = await startServer(t, ({ socket, answer }) => {
    answer();
    // Long after the answer has passed the network, so that this is the FIN of an idle connection.
    setTimeout(() => {
      closedMs = performance.now();
      socket.end();
    }, 20);
  });
  const network = await startNetwork(t, { target: target.address, rttMs: 20 });

  const tookMs: number[] = [];
  // One by one, so that closedMs is unmistakable.
  for (let i = 0; i < ATTEMPTS; i++) {
    const connection = await openRaw(portOf(network));
    await connection.send(REQUEST);
    await once(connection.socket, "end");
    tookMs.push(performance.now() - closedMs);
    connection.socket.destroy();
  }
  assertHalfARoundTrip(t, tookMs);
});

test("The FIN of the LB takes half a round trip to the target.", async (t) => {
  const ends: Promise<number>[] = [];
  const target = await startServer(t, ({ socket, answer }) => {
    ends.push(once(socket, "end").then(() => performance.now()));
    answer();
  });
  const network = await startNetwork(t, { target: target.address, rttMs: 20 });

  const tookMs: number[] = [];
  for (let i = 0; i < ATTEMPTS; i++) {
    const connection = await openRaw(portOf(network));
    await connection.send(REQUEST);
    const closedMs = performance.now();
    connection.socket.end();
    tookMs.push((await ends[i]!) - closedMs);
  }
  assertHalfARoundTrip(t, tookMs);
});

test("Without a round trip there are no toxics.", () => {
  assert.deepEqual(networkToxics(0), []);
});

test("Toxics delay data and FIN in both directions, each by half the round trip.", () => {
  assert.deepEqual(networkToxics(4), [
    { name: "latency_upstream", type: "latency", stream: "upstream", attributes: { latency: 2 } },
    { name: "slow_close_upstream", type: "slow_close", stream: "upstream", attributes: { delay: 2 } },
    { name: "latency_downstream", type: "latency", stream: "downstream", attributes: { latency: 2 } },
    { name: "slow_close_downstream", type: "slow_close", stream: "downstream", attributes: { delay: 2 } },
  ]);
});

test("An odd round trip is a millisecond longer towards the target; of 1 ms nothing is left for the way back.", () => {
  const oneWayMs = (rttMs: number) =>
    networkToxics(rttMs).map(({ stream, attributes }) => [stream, ...Object.values(attributes)]);
  assert.deepEqual(oneWayMs(3), [
    ["upstream", 2],
    ["upstream", 2],
    ["downstream", 1],
    ["downstream", 1],
  ]);
  assert.deepEqual(oneWayMs(1), [
    ["upstream", 1],
    ["upstream", 1],
  ]);
});

/** What a request and its response take on a kept connection. */
async function exchangeMs(address: string): Promise<number> {
  const connection = await openRaw(portOf(address));
  const tookMs: number[] = [];
  for (let i = 0; i < ATTEMPTS; i++) {
    const sentMs = performance.now();
    tookMs.push((await connection.send(REQUEST)).atMs - sentMs);
  }
  connection.socket.destroy();
  return lowerQuartile(tookMs);
}

function assertHalfARoundTrip(t: { diagnostic(message: string): void }, tookMs: number[]): void {
  const [firstMs, quarterMs] = [Math.min(...tookMs), lowerQuartile(tookMs)];
  t.diagnostic(`${firstMs.toFixed(1)} / ${quarterMs.toFixed(1)} / ${Math.max(...tookMs).toFixed(1)} ms`);
  // Never sooner than set; a Go timer is up to 1 ms late, and Node notices the end one turn of its loop later.
  assert.ok(firstMs >= 9.8, `one took ${firstMs} ms`);
  assert.ok(quarterMs <= 14, `a quarter took more than ${quarterMs} ms`);
}

const REQUEST = "GET / HTTP/1.1\r\n\r\n";

const portOf = (address: string): number => Number(address.split(":")[1]);
