// npm test: quiet, since a stop has 900 ms
import assert from "node:assert/strict";
import { test } from "node:test";
import { get, openRaw } from "./raw-connection.ts";
import { startTarget } from "./spawn-target.ts";

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} ends the target with 0 at once while a keep-alive connection is idle.`, async (t) => {
    const target = await startTarget(t, { EVENT_LOOP_BUSY: "0.1/5" });
    await (await openRaw(target.port)).send(get);
    const { code, stderr, tookMs } = await target.end(signal);
    assert.equal(code, 0);
    assert.equal(stderr, "");
    assert.ok(tookMs < 1000, `took ${tookMs} ms`);
    assert.equal((await target.line("close")).served, 1);
  });
}

test("SIGTERM answers what is in flight, telling the client that the connection ends.", async (t) => {
  const target = await startTarget(t);
  const connection = await openRaw(target.port);
  const idle = await openRaw(target.port);
  const reply = connection.send("POST / HTTP/1.1\r\nHost: target\r\nContent-Length: 1\r\n\r\n");
  await idle.send(get);
  const ended = target.end();
  // The idle connection's close shows that the target is stopping; the body comes after that.
  idle.socket.on("close", () => connection.socket.write("x"));
  const { text } = await reply;
  assert.match(text!, /^HTTP\/1.1 200 /);
  assert.match(text!, /^connection: close\r$/im);
  assert.equal((await ended).code, 0);
});

test("A request that never ends is cut after a second.", async (t) => {
  const target = await startTarget(t);
  const connection = await openRaw(target.port);
  const reply = connection.send("POST / HTTP/1.1\r\nHost: target\r\nContent-Length: 1\r\n\r\n");
  await (await openRaw(target.port)).send(get);
  const { code, tookMs } = await target.end();
  assert.equal(code, 0);
  assert.ok(tookMs > 900 && tookMs < 2000, `took ${tookMs} ms`);
  assert.equal((await reply).text, null);
});

test("A second signal ends the target at once.", async (t) => {
  const target = await startTarget(t);
  const connection = await openRaw(target.port);
  const idle = await openRaw(target.port);
  void connection.send("POST / HTTP/1.1\r\nHost: target\r\nContent-Length: 1\r\n\r\n");
  await idle.send(get);
  const ended = target.end();
  idle.socket.on("close", () => target.child.kill("SIGTERM"));
  const { code, tookMs } = await ended;
  assert.equal(code, 130);
  assert.ok(tookMs < 900, `took ${tookMs} ms`);
});

test("The target goes on serving when nobody reads its output any more, and says so once.", async (t) => {
  const target = await startTarget(t);
  target.child.stdout.destroy();
  const connection = await openRaw(target.port);
  for (let served = 1; served <= 5; served++) {
    assert.match((await connection.send(get)).text!, new RegExp(`"served":${served}}$`));
  }
  const { code, stderr } = await target.end();
  assert.equal(code, 0);
  assert.match(stderr, /^standard output failed \(.*EPIPE.*\): serving on, without log lines\n$/);
});
