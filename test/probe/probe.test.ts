// npm test: quiet, since it holds closes to 30 ms
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { startProbe } from "../../src/probe/probe.ts";
import { summarise } from "../../src/probe/summarise.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { startTarget } from "../target-app/spawn-target.ts";
import { answerThenEnd, OK, rawServer } from "./raw-server.ts";

/** As many as the product takes: a median over ten is not moved by one late timer of a busy machine, nor by four. */
const CONNECTIONS = 10;

test("The idle close of a server is measured, as a FIN.", async (t) => {
  const url = await rawServer(t, (socket) => answerThenEnd(socket, 300));
  const probe = summarise(await startProbe(url, CONNECTIONS).seen);
  assert.equal(probe.connections, CONNECTIONS);
  assert.equal(probe.closed, CONNECTIONS);
  assert.deepEqual(probe.endedBy, { fin: CONNECTIONS, rst: 0 });
  // Server and probe share this process's loop, which may see both ends of the time late, but neither early by > 5 ms.
  assert.ok(probe.idleCloseMs! > 295 && probe.idleCloseMs! < 340, `${probe.idleCloseMs} ms`);
  assert.ok(Math.abs(probe.spreadMs! - (probe.maxMs! - probe.minMs!)) < 1e-9);
});

test("The real target's idle close is measured as what it said it would do, and so is its claim.", async (t) => {
  const target = await startTarget(t, { KEEP_ALIVE_TIMEOUT_MS: "1000", KEEP_ALIVE_TIMEOUT_BUFFER_MS: "200" });
  const { idleCloseMs } = target.listening.will;
  const probe = summarise(await startProbe(new URL(`http://127.0.0.1:${target.port}`), CONNECTIONS).seen);
  assert.ok(Math.abs(probe.idleCloseMs! - idleCloseMs!) < 30, `${probe.idleCloseMs} ms, predicted ${idleCloseMs} ms`);
  assert.equal(probe.claimedMs, 1000);
});

test("Connections are opened one after the other: each waits for the answer before it.", async (t) => {
  let waiting = 0;
  let most = 0;
  const url = await rawServer(t, (socket) => {
    most = Math.max(most, ++waiting);
    setTimeout(() => {
      waiting--;
      socket.write(`${OK}\r\nok`);
    }, 5);
  });
  const probe = startProbe(url, CONNECTIONS);
  await probe.idle;
  probe.stop();
  assert.equal((await probe.seen).length, CONNECTIONS);
  assert.equal(most, 1);
});

test("closesMs tells as soon as half are closed, though the others stay open.", async (t) => {
  const url = await rawServer(t, (socket, connection) => {
    if (connection < CONNECTIONS / 2) answerThenEnd(socket, 100);
    else socket.write(`${OK}\r\nok`);
  });
  const probe = startProbe(url, CONNECTIONS);
  const closesMs = await probe.closesMs;
  assert.equal(closesMs.length, CONNECTIONS / 2);
  for (const ms of closesMs) assert.ok(ms > 95 && ms < 300, `${ms} ms`);
  probe.stop();
  const { closed, connections, idleCloseMs } = summarise(await probe.seen);
  assert.deepEqual([closed, connections], [CONNECTIONS / 2, CONNECTIONS]);
  assert.equal(idleCloseMs, null, "half is no majority");
});

test("closesMs never tells when fewer than half are closed.", async (t) => {
  const url = await rawServer(t, (socket, connection) => {
    if (connection < 4) answerThenEnd(socket, 20);
    else socket.write(`${OK}\r\nok`);
    // The last connection's close shows that the ones before it had their time.
    if (connection === CONNECTIONS - 1) setTimeout(() => socket.resetAndDestroy(), 100);
  });
  const probe = startProbe(url, CONNECTIONS + 1);
  let told = false;
  void probe.closesMs.then(() => {
    told = true;
  });
  await probe.idle;
  const stopped = setTimeout(probe.stop, 200);
  const { endedBy } = summarise(await probe.seen);
  clearTimeout(stopped);
  await nextTurn();
  assert.deepEqual(endedBy, { fin: 4, rst: 1 });
  assert.equal(told, false);
});

test("A server that never closes is open when the probe stops, and for how long is told.", async (t) => {
  const url = await rawServer(t, (socket) => socket.write(`${OK}\r\nok`));
  const probe = startProbe(url, CONNECTIONS);
  await probe.idle;
  setTimeout(probe.stop, 150);
  const { idleCloseMs, closed, connections, watchedMs, minMs, spreadMs } = summarise(await probe.seen);
  assert.deepEqual([idleCloseMs, closed, connections, minMs, spreadMs], [null, 0, CONNECTIONS, null, null]);
  assert.ok(watchedMs > 145 && watchedMs < 400, `${watchedMs} ms`);
});

test("A server that closes as announced is not taken for one with an idle timeout.", async (t) => {
  const url = await rawServer(t, (socket) => answerThenEnd(socket, 0, "Connection: close\r\n"));
  assert.equal(summarise(await startProbe(url, CONNECTIONS).seen).announcedClose, true);
});

test("Where nobody listens there are no connections, and the probe ends at once.", async () => {
  const [port] = await freePorts(1);
  const probe = startProbe(new URL(`http://127.0.0.1:${port}`), CONNECTIONS);
  await probe.idle;
  assert.deepEqual(await probe.seen, []);
  assert.equal(summarise([]).connections, 0);
});
