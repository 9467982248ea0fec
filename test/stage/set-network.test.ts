// npm test: quiet, since it holds a round trip to 40 ms
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { after, before, beforeEach, it } from "node:test";
import { InconclusiveError } from "../../src/run/exit.ts";
import { type RunningProcess, startProcess } from "../../src/run/process.ts";
import { networkToxics } from "../../src/stage/network.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { setNetwork } from "../../src/stage/set-network.ts";
import { answersOk, waitUntilReady } from "../../src/stage/wait-until-ready.ts";
import { needs } from "../needs.ts";

const { describe, parts } = await needs("toxiproxy");

// A real Toxiproxy in front of a server that answers each byte; one connection is open while the network is set again,
// as HAProxy's are when somebody calls `docker compose up` a second time.
describe("Setting up the network", () => {
  let toxiproxy: RunningProcess;
  let api: string;
  let upstream: string;
  const echo = createServer((socket) => socket.on("error", () => {}).pipe(socket));
  const signal = AbortSignal.timeout(30_000);

  before(async () => {
    echo.listen(0, "127.0.0.1");
    await once(echo, "listening");
    upstream = `127.0.0.1:${(echo.address() as AddressInfo).port}`;
    const [port] = (await freePorts(1)) as [number];
    api = `http://127.0.0.1:${port}`;
    const args = ["-host", "127.0.0.1", "-port", `${port}`];
    toxiproxy = await startProcess({
      name: "Toxiproxy",
      command: parts.toxiproxy.path,
      args,
      env: { LOG_LEVEL: "warn" },
    });
    await waitUntilReady(toxiproxy, () => answersOk(`${api}/version`), { signal });
  });
  beforeEach(async () => {
    await fetch(`${api}/proxies/network`, { method: "DELETE" });
  });
  after(async () => {
    await toxiproxy.stop();
    echo.close();
  });

  it("puts the toxics in place before anyone can connect through it with its answer.", async () => {
    const address = await setNetwork(api, { listen: "127.0.0.1:0", upstream, rttMs: 40 }, signal);
    assert.deepEqual(await toxics(), sorted(networkToxics(40)));
    const socket = await open(address);
    const tookMs = await exchangeMs(socket);
    socket.destroy();
    // Not less than the round trip, and no second one: 20 ms each way.
    assert.ok(tookMs >= 40 && tookMs < 80, `${tookMs} ms`);
  });

  it("puts none in place for a round trip of 0.", async () => {
    await setNetwork(api, { listen: "127.0.0.1:0", upstream, rttMs: 0 }, signal);
    assert.deepEqual(await toxics(), []);
  });

  it("leaves one that is as it should be alone, with the connections through it.", async () => {
    const settings = await onFixedPort(2);
    const socket = await open(await setNetwork(api, settings, signal));
    await exchangeMs(socket);
    await setNetwork(api, settings, signal);
    await exchangeMs(socket); // rejects when it is not the same one any more
    socket.destroy();
  });

  it("takes an address in Toxiproxy's own words for the same: 0.0.0.0 becomes [::].", async () => {
    const [port] = await freePorts(1);
    const settings = { listen: `0.0.0.0:${port}`, upstream, rttMs: 2 };
    assert.match(await setNetwork(api, settings, signal), /^\[::\]:\d+$/);
    const socket = await open(`127.0.0.1:${port}`);
    await exchangeMs(socket);
    await setNetwork(api, settings, signal);
    await exchangeMs(socket);
    socket.destroy();
  });

  for (const [what, change] of [
    ["round trip", { rttMs: 6 }],
    ["target", { upstream: "localhost" }],
  ] as const) {
    it(`replaces one with another ${what}, and the connections through it end.`, async () => {
      const settings = await onFixedPort(2);
      const socket = await open(await setNetwork(api, settings, signal));
      await exchangeMs(socket);
      const ended = once(socket.resume(), "close");
      const changed = { ...settings, ...change };
      if ("upstream" in change) changed.upstream = upstream.replace("127.0.0.1", change.upstream);
      const address = await setNetwork(api, changed, signal);
      await ended;
      assert.deepEqual(await toxics(), sorted(networkToxics(changed.rttMs)));
      assert.equal(((await proxy()) as { upstream: string }).upstream, changed.upstream);
      const next = await open(address);
      await exchangeMs(next);
      next.destroy();
    });
  }

  it("names a port that Toxiproxy cannot listen on.", async () => {
    const taken = `127.0.0.1:${(echo.address() as AddressInfo).port}`;
    await assert.rejects(
      setNetwork(api, { listen: taken, upstream, rttMs: 2 }, signal),
      /^Error: Toxiproxy refused .*\/proxies with 500: .*address already in use/,
    );
  });

  it("is inconclusive when nobody answers.", async () => {
    const [port] = await freePorts(1);
    const nobody = setNetwork(`http://127.0.0.1:${port}`, { listen: "127.0.0.1:0", upstream, rttMs: 2 }, signal);
    await assert.rejects(nobody, InconclusiveError);
  });

  const onFixedPort = async (rttMs: number) => ({ listen: `127.0.0.1:${(await freePorts(1))[0]}`, upstream, rttMs });
  const proxy = async () => (await fetch(`${api}/proxies/network`)).json();
  async function toxics() {
    const list = (await (await fetch(`${api}/proxies/network/toxics`)).json()) as Record<string, unknown>[];
    for (const toxic of list) {
      assert.equal(toxic.toxicity, 1, "of every connection");
      delete toxic.toxicity;
      delete (toxic.attributes as { jitter?: number }).jitter; // 0, which Toxiproxy adds
    }
    return sorted(list as unknown as { name: string }[]);
  }
});

const sorted = <T extends { name: string }>(list: readonly T[]): T[] =>
  list.toSorted((a, b) => a.name.localeCompare(b.name));

async function open(address: string): Promise<Socket> {
  const at = address.lastIndexOf(":");
  const socket = connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)), noDelay: true });
  await once(socket, "connect");
  return socket;
}

/** One byte there and back. Rejects when the connection ends instead, or has ended. */
async function exchangeMs(socket: Socket): Promise<number> {
  assert.ok(!socket.readableEnded, "the connection has ended");
  const ended = once(socket, "end").then(() => Promise.reject(new Error("the connection ended")));
  ended.catch(() => {});
  const startMs = performance.now();
  socket.write("x");
  await Promise.race([once(socket, "data"), ended]);
  return performance.now() - startMs;
}
