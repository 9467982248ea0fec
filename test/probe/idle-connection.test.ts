// npm test: quiet, since it holds closes to 100 ms
import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import { watchIdleConnection } from "../../src/probe/idle-connection.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { answerThenEnd, OK, rawServer } from "./raw-server.ts";

const { signal } = new AbortController();

test("It asks for the URL's path and query with the headers that HTTP/1.1 requires.", async (t) => {
  let seen = "";
  const url = await rawServer(t, (socket, _connection, head) => {
    seen = head;
    answerThenEnd(socket, 0);
  });
  await watchIdleConnection(url, { signal });
  assert.match(seen, new RegExp(`^GET /healthz\\?deep=1 HTTP/1\\.1\r\nHost: ${url.host}\r\n`));
  assert.doesNotMatch(seen, /^connection:/im, "keep-alive is HTTP/1.1's default");
});

test("Another request is sent as it is given, framed by its length in bytes, its headers before ours.", async (t) => {
  let seen = "";
  const url = await rawServer(t, (socket, _connection, head) => {
    seen = head;
    answerThenEnd(socket, 0);
  });
  const request = {
    method: "POST",
    path: "/in?now",
    headers: [
      ["host", "app.example"],
      ["X-Tag", "a"],
    ] as const,
    body: "zwölf",
  };
  await watchIdleConnection(url, { signal, request });
  assert.match(seen, /^POST \/in\?now HTTP\/1\.1\r\n/);
  assert.match(seen, /\r\nhost: app\.example\r\nX-Tag: a\r\nContent-Length: 6\r\n\r\nzwölf$/);
  assert.equal(seen.match(/^host:/gim)?.length, 1);
});

test("A FIN and a RST are told apart.", async (t) => {
  const fin = await rawServer(t, (socket) => answerThenEnd(socket, 20));
  const rst = await rawServer(t, (socket) => {
    socket.write(`${OK}\r\nok`);
    setTimeout(() => socket.resetAndDestroy(), 20);
  });
  assert.equal((await watchIdleConnection(fin, { signal }))!.endedBy, "FIN");
  assert.equal((await watchIdleConnection(rst, { signal }))!.endedBy, "RST");
});

test("The idle time begins with the last byte of the answer, not the first.", async (t) => {
  const url = await rawServer(t, (socket) => {
    socket.write(`${OK}\r\no`);
    setTimeout(() => socket.write("k"), 150);
    setTimeout(() => socket.end(), 200);
  });
  const { idleMs } = (await watchIdleConnection(url, { signal }))!;
  // 50 ms; from the first byte on it would be 200.
  assert.ok(idleMs > 30 && idleMs < 150, `${idleMs} ms`);
});

test("What the Keep-Alive header claims is read, however it is written.", async (t) => {
  for (const [header, claimedMs] of [
    ["Keep-Alive: timeout=5\r\n", 5000],
    ["keep-alive: max=100, TIMEOUT = 75\r\n", 75_000],
    ["Keep-Alive: max=100\r\n", null],
    ["", null],
  ] as const) {
    const url = await rawServer(t, (socket) => answerThenEnd(socket, 0, header));
    assert.equal((await watchIdleConnection(url, { signal }))!.claimedMs, claimedMs, header);
  }
});

test("An announced Connection: close is seen; keep-alive is not a close.", async (t) => {
  const closing = await rawServer(t, (socket) => answerThenEnd(socket, 0, "connection: Close\r\n"));
  const keeping = await rawServer(t, (socket) => answerThenEnd(socket, 0, "Connection: keep-alive\r\n"));
  assert.equal((await watchIdleConnection(closing, { signal }))!.announcedClose, true);
  assert.equal((await watchIdleConnection(keeping, { signal }))!.announcedClose, false);
});

test("HTTP/1.0 announces the close unless it says keep-alive; so does a body that only the close can end.", async (t) => {
  for (const [head, announced] of [
    ["HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", true],
    ["HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", false],
    ["HTTP/1.1 200 OK\r\n\r\nuntil here", true],
    ["HTTP/1.1 204 No Content\r\n\r\n", false],
  ] as const) {
    const url = await rawServer(t, (socket) => socket.end(head));
    const { announcedClose, httpVersion } = (await watchIdleConnection(url, { signal }))!;
    assert.deepEqual([announcedClose, httpVersion], [announced, head.slice(5, 8)], head);
  }
});

test("The names that the server gives itself are kept.", async (t) => {
  const url = await rawServer(t, (socket) => answerThenEnd(socket, 0, "Server: uvicorn\r\nx-powered-by: Express\r\n"));
  const { server, poweredBy } = (await watchIdleConnection(url, { signal }))!;
  assert.deepEqual([server, poweredBy], ["uvicorn", "Express"]);
});

test("A 408 before the close is not an answer: the idle time goes on, and its status is noted.", async (t) => {
  const url = await rawServer(t, (socket) => {
    socket.write(`${OK}\r\nok`);
    setTimeout(() => socket.end("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n"), 100);
  });
  const { status, announcedClose, unaskedStatus, idleMs } = (await watchIdleConnection(url, { signal }))!;
  assert.deepEqual([status, announcedClose, unaskedStatus], [200, false, 408]);
  assert.ok(idleMs > 90 && idleMs < 300, `${idleMs} ms`);
});

test("A slow chunked answer is read to its last chunk: the pauses in it are not idle time.", async (t) => {
  const url = await rawServer(t, (socket) => {
    socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n");
    setTimeout(() => socket.write("0\r\n\r\n"), 150);
    setTimeout(() => socket.end(), 200);
  });
  let answeredMs = 0;
  const began = performance.now();
  const onAnswer = () => {
    answeredMs = performance.now() - began;
  };
  const { idleMs } = (await watchIdleConnection(url, { signal, onAnswer }))!;
  assert.ok(answeredMs > 140, `answered after ${answeredMs} ms`);
  assert.ok(idleMs > 30 && idleMs < 150, `${idleMs} ms`);
});

test("A body that looks like headers is not read as such.", async (t) => {
  const body = "Connection: close\r\nKeep-Alive: timeout=9\r\n";
  const url = await rawServer(t, (socket) => {
    socket.end(`HTTP/1.1 404 Not Found\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  });
  const { status, claimedMs, announcedClose } = (await watchIdleConnection(url, { signal }))!;
  assert.deepEqual({ status, claimedMs, announcedClose }, { status: 404, claimedMs: null, announcedClose: false });
});

test("A head that comes in two pieces is read whole.", async (t) => {
  const url = await rawServer(t, (socket) => {
    socket.write("HTTP/1.1 503 Unavail");
    setTimeout(() => socket.end("able\r\nKeep-Alive: timeout=7\r\n\r\n"), 20);
  });
  const { status, claimedMs } = (await watchIdleConnection(url, { signal }))!;
  assert.deepEqual([status, claimedMs], [503, 7000]);
});

test("An https target is probed without verifying its certificate, as an ALB does.", async (t) => {
  const url = await rawServer(t, (socket) => answerThenEnd(socket, 30, "Keep-Alive: timeout=5\r\n"), { tls: true });
  const { endedBy, status, claimedMs, idleMs } = (await watchIdleConnection(url, { signal }))!;
  assert.deepEqual([endedBy, status, claimedMs], ["FIN", 200, 5000]);
  assert.ok(idleMs > 20 && idleMs < 300, `${idleMs} ms`);
});

const ipv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));

test("An IPv6 address in the URL is understood.", { skip: !ipv6 && "this machine has no ::1" }, async (t) => {
  const url = await rawServer(t, (socket) => answerThenEnd(socket, 0), { host: "::1" });
  assert.equal((await watchIdleConnection(url, { signal }))!.status, 200);
});

test("A connection that ends without an answer, or is refused, is null.", async (t) => {
  const silent = await rawServer(t, (socket) => socket.end());
  const [port] = await freePorts(1);
  assert.equal(await watchIdleConnection(silent, { signal }), null);
  assert.equal(await watchIdleConnection(new URL(`http://127.0.0.1:${port}`), { signal }), null);
  const broken = await rawServer(t, (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"));
  assert.equal(await watchIdleConnection(broken, { signal }), null);
  const ssh = await rawServer(t, (socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n"));
  assert.equal(await watchIdleConnection(ssh, { signal }), null);
});

test("Stopped while open, it tells for how long it was watched; stopped before it began, nothing.", async (t) => {
  const url = await rawServer(t, (socket) => socket.write(`${OK}\r\nok`));
  const stop = new AbortController();
  const seen = watchIdleConnection(url, { signal: stop.signal, onAnswer: () => setTimeout(() => stop.abort(), 100) });
  const { endedBy, idleMs } = (await seen)!;
  assert.equal(endedBy, null);
  assert.ok(idleMs > 90 && idleMs < 300, `${idleMs} ms`);
  assert.equal(await watchIdleConnection(url, { signal: AbortSignal.abort() }), null);
});
