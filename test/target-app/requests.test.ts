// npm test: quiet, since a health check has 40 ms
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { get, openRaw } from "./raw-connection.ts";
import { startTarget } from "./spawn-target.ts";

// One target for all tests that do not ask for another: a start costs a third of a second.
const target = await startTarget({ after });

const head = (line: string, ...headers: string[]) =>
  [`${line} HTTP/1.1`, "Host: target", ...headers, "", ""].join("\r\n");

test("Two requests on one connection are logged with its number, their ids, and served 1 and 2.", async () => {
  const before = Date.now();
  const connection = await openRaw(target.port);
  const port = connection.socket.localPort;
  const first = await connection.send(head("GET /a?token=secret", "X-Request-Id: first", "Authorization: secret"));
  await connection.send(head("DELETE /b%zz", "X-Request-Id: second"));
  const lines = [
    await target.line("request", (line) => line.id === "first"),
    await target.line("request", (line) => line.id === "second"),
  ].map(({ at, ...line }) => {
    assert.ok(at >= before - 1 && at <= Date.now() + 1, `at ${at} is epoch milliseconds`);
    return line;
  });
  const common = { event: "request", connection: 1, remotePort: port, status: 200 };
  assert.deepEqual(lines, [
    { ...common, id: "first", served: 1, method: "GET", path: "/a" },
    { ...common, id: "second", served: 2, method: "DELETE", path: "/b%zz" },
  ]);
  assert.match(first.text!, /\{"connection":1,"served":1\}$/);
});

test("A closed connection is logged with its number and how much it served; the next one has the next number.", async () => {
  const first = await openRaw(target.port);
  await first.send(get);
  await first.send(get);
  const remotePort = first.socket.localPort;
  first.socket.destroy();
  const { connection, served } = await target.line("close", (line) => line.remotePort === remotePort);
  assert.equal(served, 2);
  const next = await (await openRaw(target.port)).send(get);
  assert.match(next.text!, new RegExp(`{"connection":${connection + 1},"served":1}$`));
});

test("A request without an id is logged with null, and the health check answers 200.", async () => {
  const reply = await (await openRaw(target.port)).send(head("GET /healthz"));
  assert.match(reply.text!, /^HTTP\/1.1 200 /);
  assert.equal((await target.line("request", ({ path }) => path === "/healthz")).id, null);
});

test("A POST is answered only when its whole body has arrived, and the connection stays usable.", async () => {
  const connection = await openRaw(target.port);
  const size = 1_000_000;
  const reply = connection.send(head("POST /", `Content-Length: ${size}`, "X-Request-Id: big") + "x".repeat(size - 1));
  // A second connection's answer proves that the target has had its turn at the unfinished body.
  await (await openRaw(target.port)).send(get);
  assert.equal(await Promise.race([reply, "unanswered"]), "unanswered");
  connection.socket.write("x");
  assert.match((await reply).text!, /^HTTP\/1.1 200 /);
  assert.match((await connection.send(get)).text!, /"served":2\}$/);
});

test("A request whose connection dies before the answer is logged with status null.", async () => {
  const connection = await openRaw(target.port);
  connection.socket.write(head("POST /", "Content-Length: 10", "X-Request-Id: cut"));
  // Once another connection is answered, the target has read the head that was sent before.
  await (await openRaw(target.port)).send(get);
  connection.socket.destroy();
  assert.equal((await target.line("request", (line) => line.id === "cut")).status, null);
});

test("WORK_MS holds the CPU that long for each request but not for health checks.", async (t) => {
  const target = await startTarget(t, { WORK_MS: "60" });
  const connection = await openRaw(target.port);
  const took = async (path: string) => {
    const startMs = performance.now();
    await connection.send(head(`GET ${path}`));
    return performance.now() - startMs;
  };
  await took("/healthz");
  // The shortest of five: the first requests also pay for compilation, and others share the machine.
  const shortestMs = async (path: string) => {
    let shortest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 5; i++) shortest = Math.min(shortest, await took(path));
    return shortest;
  };
  const workMs = await shortestMs("/");
  assert.ok(workMs >= 59 && workMs < 150, `a request took ${workMs} ms`);
  const healthMs = await shortestMs("/healthz");
  assert.ok(healthMs < 40, `a health check took ${healthMs} ms`);
});
