// npm test: quiet, since a close is kept back for 50 ms at most
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { describe, it, type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fastLane } from "../../../scripts/parts-for-tests.ts";
import { type Breakpoint, createBreakpoint } from "../../../src/aim/close/breakpoint.ts";
import { undoLastFirst } from "../../../src/run/undos.ts";
import { startRelay } from "../../../src/stage/relay.ts";

const REQUEST = "GET / HTTP/1.1\r\nHost: target\r\nX-Request-Id: r1\r\n\r\n";
const ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

describe("A connection whose user says that it is idle", { skip: fastLane }, () => {
  it("keeps the target's FIN back until the next request has come by.", async (t) => {
    const { lb, target, breakpoint } = await throughRelay(t);
    const idle = await exchange(breakpoint, lb, target);
    idle.keep(true);
    target.end();
    const { kind, atMs } = await idle.unasked;
    assert.equal(kind, "FIN");
    assert.ok(atMs >= idle.idleSinceMs);
    await delay(20);
    assert.equal(lb.readableEnded, false, "nobody told the LB");
    const ended = once(lb, "end");
    lb.write(REQUEST);
    await ended;
    const fate = idle.fate();
    assert.equal(fate.met, true);
    assert.ok(fate.heldMs! >= 20 && fate.heldMs! < 50, `${fate.heldMs} ms`);
  });

  it("lets it go after the deadline, whoever comes or not.", async (t) => {
    const { lb, target, breakpoint } = await throughRelay(t, { deadlineMs: 30 });
    const idle = await exchange(breakpoint, lb, target);
    idle.keep(true);
    target.end();
    await once(lb, "end");
    const { met, late, heldMs } = idle.fate();
    assert.deepEqual({ met, late }, { met: false, late: true });
    // A busy machine's timers are late, never early.
    assert.ok(heldMs! >= 29, `${heldMs} ms`);
  });

  it("keeps a reset back as it keeps a FIN.", async (t) => {
    const { lb, target, breakpoint } = await throughRelay(t);
    const idle = await exchange(breakpoint, lb, target);
    idle.keep(true);
    target.resetAndDestroy();
    assert.equal((await idle.unasked).kind, "RST");
    const reset = once(lb, "error");
    lb.write(REQUEST);
    assert.equal(((await reset)[0] as NodeJS.ErrnoException).code, "ECONNRESET");
    assert.equal(idle.fate().met, true);
  });

  it("keeps bytes that nobody asked for, and passes them in order before the FIN.", async (t) => {
    const { lb, target, breakpoint } = await throughRelay(t);
    const idle = await exchange(breakpoint, lb, target);
    idle.keep(true);
    target.end("HTTP/1.1 408 Request Timeout\r\n\r\n");
    assert.equal((await idle.unasked).kind, "bytes");
    const heard: Buffer[] = [];
    lb.on("data", (bytes: Buffer) => heard.push(bytes));
    const ended = once(lb, "end");
    lb.write(REQUEST);
    await ended;
    assert.match(Buffer.concat(heard).toString(), /^HTTP\/1\.1 408/);
  });

  it("tells when the LB left it first.", async (t) => {
    const { lb, target, breakpoint } = await throughRelay(t);
    const idle = await exchange(breakpoint, lb, target);
    idle.keep(true);
    lb.end();
    await once(target, "end");
    const { leftByLb, met } = idle.fate();
    assert.deepEqual({ leftByLb, met }, { leftByLb: true, met: false });
  });

  it("passes the answer to its request on at once.", async (t) => {
    const { lb, target, breakpoint } = await throughRelay(t);
    const idle = await exchange(breakpoint, lb, target);
    idle.keep(true);
    lb.write(REQUEST);
    await once(target, "data");
    target.write(ANSWER);
    await once(lb, "data");
    assert.deepEqual([idle.fate().unasked, idle.fate().met], [null, false]);
  });
});

test("A connection that is only watched loses nothing of its pace: its FIN passes at once, and is told.", async (t) => {
  const { lb, target, breakpoint } = await throughRelay(t);
  const idle = await exchange(breakpoint, lb, target);
  target.end();
  await once(lb, "end");
  assert.equal((await idle.unasked).kind, "FIN");
  assert.equal(idle.fate().heldMs, null);
});

test("A connection that nobody speaks for passes all on at once.", async (t) => {
  const { lb, target } = await throughRelay(t);
  lb.write(REQUEST);
  await once(target, "data");
  target.end(ANSWER);
  await once(lb, "end");
});

test("A target that closes right after its answer is kept back within the turn.", async (t) => {
  const { lb, target, breakpoint } = await throughRelay(t);
  const turn = breakpoint.beginTurn();
  lb.write(REQUEST);
  await once(target, "data");
  target.end(ANSWER);
  await once(lb, "data");
  const idle = turn.end(anybodys)!;
  assert.equal((await idle.unasked).kind, "FIN");
  assert.equal(lb.readableEnded, false);
  const ended = once(lb, "end");
  lb.write(REQUEST);
  await ended;
  assert.equal(idle.fate().met, true);
});

test("Of two connections that carry an exchange in one turn, the request ID tells which is meant.", async (t) => {
  const { lb, target, breakpoint, another } = await throughRelay(t);
  const other = await another();
  const turn = breakpoint.beginTurn();
  await answered(lb, target, identified("check-0-3-after"));
  await answered(other.lb, other.target, identified("check-0-4-warm-0"));
  const idle = turn.end((id) => id === "check-0-4-warm-0")!;
  idle.keep(true);
  other.target.end();
  assert.equal((await idle.unasked).kind, "FIN");
});

test("Two connections that carry an exchange in one turn cannot be told apart where nobody can read an ID.", async (t) => {
  const { lb, target, breakpoint, another } = await throughRelay(t);
  const other = await another();
  const turn = breakpoint.beginTurn();
  for (const one of [{ lb, target }, other]) await answered(one.lb, one.target);
  assert.equal(turn.end(anybodys), null);
});

test("A turn is blind to the connections of those whose turn is over.", async (t) => {
  const { lb, target, breakpoint, another } = await throughRelay(t);
  const first = await exchange(breakpoint, lb, target);
  first.keep(true);
  const other = await another();
  const turn = breakpoint.beginTurn();
  await answered(lb, target); // the first user's aimed request
  await answered(other.lb, other.target);
  assert.ok(turn.end(anybodys));
});

test("Nothing is kept back any more once the breakpoint is open.", async (t) => {
  const { lb, target, breakpoint } = await throughRelay(t);
  const idle = await exchange(breakpoint, lb, target);
  idle.keep(true);
  target.end();
  await idle.unasked;
  const ended = once(lb, "end");
  breakpoint.open();
  await ended;
});

test("A plain request's id tells when it came to the door.", async (t) => {
  const { lb, target, breakpoint } = await throughRelay(t);
  const beganMs = performance.now();
  await answered(lb, target);
  assert.ok(breakpoint.arrivalOf("r1")! >= beganMs);
  assert.equal(breakpoint.arrivalOf("r2"), null);
});

interface Ends {
  lb: Socket;
  target: Socket;
}

/** Both ends of a connection through a relay with a breakpoint; a raw target, which says what the test has it say. */
async function throughRelay(t: TestContext, { deadlineMs = 5000 } = {}) {
  const waiting: Socket[] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    t.after(() => socket.destroy());
    waiting.push(socket.on("error", () => {}));
    server.emit("accepted");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => void server.close());
  const undos: (() => void | Promise<void>)[] = [];
  t.after(() => undoLastFirst(undos));
  const target = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  const relay = await startRelay({ defer: (undo) => void undos.push(undo) }, "127.0.0.1", target);
  const breakpoint = createBreakpoint(deadlineMs);
  relay.guard(breakpoint);
  const another = async (): Promise<Ends> => {
    const lb = connect({ port: relay.port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    t.after(() => lb.destroy());
    if (waiting.length === 0) await once(server, "accepted");
    return { lb: lb.resume(), target: waiting.shift()!.resume() };
  };
  return { ...(await another()), breakpoint, another };
}

/** One request and its answer, in a turn of its own. */
async function exchange(breakpoint: Breakpoint, lb: Socket, target: Socket) {
  const turn = breakpoint.beginTurn();
  await answered(lb, target);
  return turn.end(anybodys)!;
}

async function answered(lb: Socket, target: Socket, request = REQUEST): Promise<void> {
  lb.write(request);
  await once(target, "data");
  const came = once(lb, "data");
  target.write(ANSWER);
  await came;
}

const identified = (id: string): string => `GET / HTTP/1.1\r\nhost: a\r\nx-request-id: ${id}\r\n\r\n`;

/** Of TLS nobody can read it; here there is none. */
const anybodys = (): boolean => true;
