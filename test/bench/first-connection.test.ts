import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { watchConnectionsTo } from "../../bench/first-connection.ts";
import { undoLastFirst } from "../../src/run/undos.ts";
import { startRelay } from "../../src/stage/relay.ts";
import { silentRun } from "../silent-run.ts";

test("The first connection to a watched port is told, not those to other ports.", async (t) => {
  const [watched, other] = [await listen(t), await listen(t)];
  const watch = watchConnectionsTo([watched]);
  t.after(watch.stop);
  await open(t, other);
  assert.equal(watch.firstAtMs(), null);
  const beforeMs = Date.now();
  await open(t, watched);
  const afterMs = Date.now();
  await open(t, watched);
  const firstMs = watch.firstAtMs()!;
  assert.ok(firstMs >= beforeMs && firstMs <= afterMs, `${beforeMs} ${firstMs} ${afterMs}`);
});

test("A connection that a relay makes for its client counts, too.", async (t) => {
  const port = await listen(t);
  const { run, undos } = silentRun("");
  t.after(() => undoLastFirst(undos));
  const relay = await startRelay(run, "127.0.0.1", { host: "127.0.0.1", port });
  const watch = watchConnectionsTo([port]);
  t.after(watch.stop);
  const near = await open(t, relay.port);
  near.write("x");
  await once(near, "data");
  assert.notEqual(watch.firstAtMs(), null);
});

test("Of those made since a moment the first one is told; of none, null.", async (t) => {
  const port = await listen(t);
  const watch = watchConnectionsTo([port]);
  t.after(watch.stop);
  await open(t, port);
  await delay(5);
  const sinceMs = Date.now();
  assert.equal(watch.firstAtMs(sinceMs), null);
  await open(t, port);
  assert.ok(watch.firstAtMs(sinceMs)! >= sinceMs);
  assert.ok(watch.firstAtMs()! < sinceMs);
});

/** An echo. @returns its port */
async function listen(t: TestContext): Promise<number> {
  const server = createServer((socket) => socket.pipe(socket).on("error", () => {}));
  t.after(() => server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

async function open(t: TestContext, port: number) {
  const socket = connect(port, "127.0.0.1");
  t.after(() => socket.destroy());
  await once(socket, "connect");
  return socket;
}
