// npm test: quiet, since a relay has less than a millisecond
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { it, type TestContext, test } from "node:test";
import { median } from "../../scenarios/lib/median.ts";
import { createProgress } from "../../src/run/progress.ts";
import type { Run } from "../../src/run/run.ts";
import { undoLastFirst } from "../../src/run/undos.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { startRelay } from "../../src/stage/relay.ts";

test("Bytes pass both ways, whole and in order, many at once.", async (t) => {
  const { port } = await behindRelay(t, (socket) => socket.pipe(socket));
  const sent = Buffer.from(Array.from({ length: 1 << 20 }, (_, i) => i % 251));
  const echoes = await Promise.all([1, 2, 3].map(() => exchange(port, sent)));
  for (const echo of echoes) assert.ok(echo.equals(sent));
});

test("The client's FIN reaches the target, which can still answer.", async (t) => {
  const { port } = await behindRelay(t, (socket) => socket.on("end", () => socket.end("after your FIN")).resume());
  assert.equal((await exchange(port, Buffer.from("x"))).toString(), "after your FIN");
});

// The whole race in small: this is what a container's LB must see of a target on this machine's loopback.
for (const [where, relayed] of [
  ["without the relay", false],
  ["through the relay", true],
] as const) {
  it(`A target's close arrives as FIN, and requests that come after it break the connection: ${where}.`, async (t) => {
    const { port, targetPort, accepted } = await behindRelay(t, () => {});
    const near = await open(t, relayed ? port : targetPort);
    near.on("data", () => assert.fail("nobody answers"));
    const far = await accepted();
    far.destroy(); // as Node closes an idle connection: nothing is unread, so it is a FIN
    await once(near, "end");
    assert.equal(near.errored, null, "a FIN, no RST");
    assert.ok(near.writable, "this side is still open, as an LB's is when its request crosses the FIN");
    // The first one provokes the target's RST. Node, which reads no more after a FIN, finds it when it writes again.
    const writing = setInterval(() => near.write("GET / HTTP/1.1\r\n\r\n"), 1);
    const [error] = (await once(near, "error").finally(() => clearInterval(writing))) as [NodeJS.ErrnoException];
    assert.match(error.code!, /^(ECONNRESET|EPIPE)$/);
  });
}

test("A target's RST arrives as RST.", async (t) => {
  const { port, accepted } = await behindRelay(t, () => {});
  const near = await open(t, port);
  (await accepted()).resetAndDestroy();
  const [error] = (await once(near, "error")) as [NodeJS.ErrnoException];
  assert.equal(error.code, "ECONNRESET");
});

test("A client that leaves, by FIN or RST, leaves no connection at the target.", async (t) => {
  const { port, accepted } = await behindRelay(t, () => {});
  for (const leave of ["destroy", "resetAndDestroy"] as const) {
    const near = await open(t, port);
    const far = await accepted();
    far.on("error", () => {});
    const gone = new Promise((resolve) => far.once("close", resolve));
    far.resume().once("end", () => far.end());
    near[leave]();
    await gone;
  }
});

test("A target that does not listen is a broken connection, and the relay goes on.", async (t) => {
  const [closed] = (await freePorts(1)) as [number];
  const port = await relayTo(t, closed);
  for (let i = 0; i < 2; i++) {
    const near = connect(port, "127.0.0.1");
    const [error] = (await once(near.resume(), "error")) as [NodeJS.ErrnoException];
    assert.equal(error.code, "ECONNRESET");
  }
});

test("A FIN is passed on well within the round trip that is simulated.", async (t) => {
  const { port, accepted } = await behindRelay(t, () => {});
  const delaysMs: number[] = [];
  // 21, for a median that a few moments of a busy machine do not move.
  for (let i = 0; i < 21; i++) {
    const near = await open(t, port);
    const far = await accepted();
    const closedMs = performance.now();
    far.destroy();
    await once(near, "end");
    delaysMs.push(performance.now() - closedMs);
    near.destroy();
  }
  // The window in which a request is lost is as wide as the round trip, 2 ms; what the relay adds widens it. All three
  // ends share this one process here, so a real one is faster still.
  assert.ok(median(delaysMs) < 1, `${median(delaysMs)} ms`);
});

test("The run's end closes it, and every connection through it.", async (t) => {
  const undos: Undo[] = [];
  const { port, accepted } = await behindRelay(t, () => {}, undos);
  const near = await open(t, port);
  const far = (await accepted()).resume();
  const bothEnd = Promise.all([once(near, "end"), once(far, "end")]);
  await undoLastFirst(undos);
  await bothEnd;
  const [error] = (await once(connect(port, "127.0.0.1"), "error")) as [NodeJS.ErrnoException];
  assert.equal(error.code, "ECONNREFUSED");
});

test("An address that is not this machine's is an error, not a relay that nobody can reach.", async (t) => {
  await assert.rejects(startRelay(makeRun(t, []), "192.0.2.1", { host: "127.0.0.1", port: 1 }), {
    code: "EADDRNOTAVAIL",
  });
});

type Undo = () => Promise<void> | void;

/** A target on loopback, and a relay in front of it. */
async function behindRelay(t: TestContext, onConnection: (socket: Socket) => void, undos: Undo[] = []) {
  const waiting: Socket[] = [];
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    t.after(() => socket.destroy());
    onConnection(socket);
    waiting.push(socket);
    server.emit("accepted");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => void server.close());
  const targetPort = (server.address() as AddressInfo).port;
  return {
    port: await relayTo(t, targetPort, undos),
    targetPort,
    /** The next connection, as the target sees it. */
    async accepted(): Promise<Socket> {
      if (waiting.length === 0) await once(server, "accepted");
      return waiting.shift()!;
    },
  };
}

const relayTo = async (t: TestContext, port: number, undos: Undo[] = []): Promise<number> =>
  (await startRelay(makeRun(t, undos), "127.0.0.1", { host: "127.0.0.1", port })).port;

function makeRun(t: TestContext, undos: Undo[]): Run {
  t.after(() => undoLastFirst(undos));
  return {
    signal: t.signal,
    progress: createProgress(process.stderr),
    folder: "",
    defer: (undo) => void undos.push(undo),
  };
}

async function open(t: TestContext, port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  t.after(() => socket.destroy());
  await once(socket, "connect");
  return socket.resume();
}

/** Sends bytes and a FIN. @returns all that comes back */
async function exchange(port: number, bytes: Buffer): Promise<Buffer> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.end(bytes);
  await once(socket, "close");
  return Buffer.concat(chunks);
}
