// npm test: quiet, since it holds closes to 250 ms
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { watchNeverUsed } from "../../src/probe/never-used.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { selfSigned } from "./self-signed.ts";

/** A server that does this to each connection, whether anything comes or not. */
async function onConnect(t: TestContext, greet: (socket: Socket) => void, { tls = false } = {}): Promise<URL> {
  const sockets = new Set<Socket>();
  const serve = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).resume();
    greet(socket);
  };
  const server: Server = tls ? createTlsServer(selfSigned, serve) : createServer(serve);
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return new URL(`${tls ? "https" : "http"}://127.0.0.1:${(server.address() as { port: number }).port}`);
}

const { signal } = new AbortController();

test("Connections that nothing is sent on are timed from when they could be used, and a 408 is noted.", async (t) => {
  for (const tls of [false, true]) {
    const url = await onConnect(
      t,
      (socket) => setTimeout(() => socket.end("HTTP/1.1 408 Request Timeout\r\n\r\n"), 150),
      {
        tls,
      },
    );
    const { idleCloseMs, watchedMs, status } = (await watchNeverUsed(url, signal))!;
    assert.ok(idleCloseMs! > 140 && idleCloseMs! < 400, `${idleCloseMs} ms`);
    assert.ok(watchedMs >= idleCloseMs!);
    assert.equal(status, 408);
  }
});

test("Where most of them stay open there is no close; how long they were watched is told.", async (t) => {
  let connections = 0;
  const url = await onConnect(t, (socket) => {
    if (++connections === 1) setTimeout(() => socket.end(), 20);
  });
  const { idleCloseMs, watchedMs, status } = (await watchNeverUsed(url, AbortSignal.timeout(150)))!;
  assert.equal(connections, 3);
  assert.deepEqual([idleCloseMs, status], [null, null]);
  assert.ok(watchedMs > 100 && watchedMs < 400, `${watchedMs} ms`);
});

test("Where nobody listens there is nothing to tell.", async () => {
  const [port] = await freePorts(1);
  assert.equal(await watchNeverUsed(new URL(`http://127.0.0.1:${port}`), signal), null);
});
