// npm test: quiet, since it holds closes to 200 ms
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { type ProbeListener, type ProbeRequest, probeTarget } from "../../src/probe/probe-target.ts";
import { getRequest } from "../../src/probe/request-bytes.ts";
import { answerThenEnd, OK, rawServer } from "./raw-server.ts";

const asking = (url: URL, lbIdleMs: number): ProbeRequest => ({
  url,
  request: getRequest(url),
  lbIdleMs,
  rttMs: 2,
  signal: new AbortController().signal,
});

const silent: ProbeListener = { met() {}, slow() {}, idle() {}, over() {} };

/** A server with one thread: a connection is answered when the one before it has ended. */
async function oneAtATime(t: TestContext, answer: (socket: Socket) => void): Promise<URL> {
  const waiting: Socket[] = [];
  let current: Socket | undefined;
  const serveNext = () => {
    current = waiting.shift();
    if (current === undefined) return;
    current.once("close", serveNext);
    if (current.destroyed) serveNext();
    else answer(current);
  };
  return rawServer(t, (socket) => {
    if (socket === current) return answer(socket);
    waiting.push(socket);
    if (current === undefined) serveNext();
  });
}

test("A server that serves one connection at a time is measured one connection after the other.", async (t) => {
  const ending = new Map<Socket, NodeJS.Timeout>();
  const url = await oneAtATime(t, (socket) => {
    clearTimeout(ending.get(socket));
    socket.write(`${OK}\r\nok`);
    ending.set(
      socket,
      setTimeout(() => socket.end(), 1100),
    );
  });
  let slow = false;
  const hearSlow = () => {
    slow = true;
  };
  const { kind, summary, alive } = await probeTarget(asking(url, 5000), { ...silent, slow: hearSlow });
  assert.deepEqual([kind, summary.connections, alive, slow], ["vulnerable", 10, true, true]);
  assert.ok(summary.idleCloseMs! > 1095 && summary.idleCloseMs! < 1300, `${summary.idleCloseMs} ms`);
});

test("One that also never closes is measured by the one connection that it answered.", async (t) => {
  const url = await oneAtATime(t, (socket) => socket.write(`${OK}\r\nok`));
  const { kind, summary, alive } = await probeTarget(asking(url, 1000));
  assert.deepEqual([kind, summary.connections, summary.closed, alive], ["outlives", 1, 0, true]);
});

test("A listener hears of the first answer, the idle connections and their end, in this order.", async (t) => {
  const url = await rawServer(t, (socket) => answerThenEnd(socket, 300, "Server: nginx/1.27\r\n"));
  const heard: unknown[] = [];
  await probeTarget(asking(url, 3000), {
    ...silent,
    met: ({ status }, software) => heard.push(["met", status, software?.title]),
    idle: (connections, maxWaitMs) => heard.push(["idle", connections, maxWaitMs]),
    over: ({ closed }) => heard.push(["over", closed]),
  });
  assert.deepEqual(heard, [
    ["met", 200, "nginx"],
    ["idle", 10, 8002],
    ["over", 10],
  ]);
});

test("Aborted while it waits, it ends at once with the signal's reason, its connections closed.", async (t) => {
  const open = new Set<Socket>();
  const url = await rawServer(t, (socket) => {
    if (!open.has(socket)) socket.once("close", () => open.delete(socket));
    open.add(socket);
    socket.write(`${OK}\r\nok`);
  });
  const stop = new AbortController();
  const reason = new Error("interrupted");
  const idle = () => void setTimeout(() => stop.abort(reason), 100);
  await assert.rejects(probeTarget({ ...asking(url, 60_000), signal: stop.signal }, { ...silent, idle }), reason);
  while (open.size > 0) await new Promise(setImmediate);
});

test("A server whose clock ticks once a second shows the whole range of its closes, not one number.", async (t) => {
  const answered = new Map<Socket, number>();
  const url = await rawServer(t, (socket) => {
    socket.write(`${OK}\r\nok`);
    answered.set(socket, performance.now());
  });
  const clock = setInterval(() => {
    for (const [socket, atMs] of answered) if (performance.now() - atMs > 1000) socket.end();
  }, 1000);
  t.after(() => clearInterval(clock));
  const { summary, kind } = await probeTarget(asking(url, 5000));
  assert.equal(kind, "vulnerable");
  // Ten connections a tenth of a second apart.
  assert.ok(summary.spreadMs! > 600 && summary.spreadMs! < 1200, `${summary.spreadMs} ms`);
});
