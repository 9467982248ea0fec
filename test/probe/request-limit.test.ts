// npm test: quiet, since it holds a watch to a second
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { test } from "node:test";
import { withBusy } from "../../src/probe/probe-target.ts";
import { getRequest } from "../../src/probe/request-bytes.ts";
import { findRequestLimit } from "../../src/probe/request-limit.ts";
import { OK, rawServer } from "./raw-server.ts";

const { signal } = new AbortController();

/** Answers requests on a connection, each by its number from 1 up. */
function numbered(answer: (socket: Socket, request: number, connection: number) => void) {
  const requests: number[] = [];
  return (socket: Socket, connection: number) => {
    requests[connection] = (requests[connection] ?? 0) + 1;
    answer(socket, requests[connection]!, connection);
  };
}

const ok = (socket: Socket, headers = "") => socket.write(`${OK}${headers}\r\nok`);
const look = (url: URL, method = "GET") => findRequestLimit(url, { ...getRequest(url), method }, signal);
const find = async (url: URL, method = "GET") => (await look(url, method)).limit;

test("A limit that the last answer announces is found, as Apache's and Tomcat's 100.", async (t) => {
  const url = await rawServer(
    t,
    numbered((socket, request) => {
      ok(socket, request === 100 ? "Connection: close\r\n" : "");
      if (request === 100) socket.end();
    }),
  );
  assert.deepEqual(await find(url), { requests: 100, announced: true });
});

test("An unannounced limit is found, whether the close follows the answer or comes in place of the next one.", async (t) => {
  const after = await rawServer(
    t,
    numbered((socket, request) => {
      ok(socket);
      if (request === 7) socket.end();
    }),
  );
  const instead = await rawServer(
    t,
    numbered((socket, request) => (request <= 7 ? ok(socket) : socket.resetAndDestroy())),
  );
  assert.deepEqual(await find(after), { requests: 7, announced: false });
  assert.deepEqual(await find(instead), { requests: 7, announced: false });
});

test("An unannounced close that comes only once is not a limit.", async (t) => {
  const url = await rawServer(
    t,
    numbered((socket, request, connection) => {
      ok(socket);
      if (connection === 0 && request === 5) socket.end();
    }),
  );
  const { limit, lookedUpTo, why } = await look(url);
  assert.deepEqual([limit, lookedUpTo], [null, 110]);
  assert.match(why!, /after 5 requests, which did not show a second time/);
});

test("A limit that is drawn by lot is told as from so many to so many.", async (t) => {
  const limits = [12, 9];
  const url = await rawServer(
    t,
    numbered((socket, request, connection) => {
      ok(socket);
      if (request === limits[connection]) socket.end();
    }),
  );
  assert.deepEqual(await find(url), { requests: 9, atMost: 12, announced: false });
});

test("Without a limit in 110 requests there is none, and no more are sent.", async (t) => {
  let sent = 0;
  const url = await rawServer(t, (socket) => {
    sent++;
    ok(socket);
  });
  assert.deepEqual(await look(url), { limit: null, lookedUpTo: 110, why: null });
  assert.equal(sent, 110);
});

test("A close after each answer is not a limit on requests, announced or not.", async (t) => {
  for (const header of ["", "Connection: close\r\n"]) {
    const url = await rawServer(t, (socket) => socket.end(`${OK}${header}\r\nok`));
    assert.equal(await find(url), null);
  }
});

test("A POST is not sent a hundred times, and a server that answers 429 gets no more requests.", async (t) => {
  let sent = 0;
  const url = await rawServer(
    t,
    numbered((socket, request) => {
      sent++;
      if (request < 10) ok(socket);
      else socket.write("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n");
    }),
  );
  const post = await look(url, "POST");
  assert.deepEqual(post, { limit: null, lookedUpTo: 1, why: "a POST is not repeated at will" });
  assert.equal(sent, 0);
  const get = await look(url);
  assert.deepEqual(get, { limit: null, lookedUpTo: 9, why: "it then answered 429 instead of 200" });
  assert.equal(sent, 10);
});

test("The search ends after 3 s, however few were answered.", async (t) => {
  const url = await rawServer(t, (socket) => setTimeout(() => ok(socket), 400));
  const began = performance.now();
  const { limit, lookedUpTo, why } = await look(url);
  assert.ok(limit === null && lookedUpTo >= 4 && lookedUpTo <= 7 && /longer than the 3 s/.test(why!), `${lookedUpTo}`);
  const tookMs = performance.now() - began;
  assert.ok(tookMs > 2900 && tookMs < 4000, `${tookMs} ms`);
});

test("A connection in use gets further on a slow route, and what ends it alone is a limit.", () => {
  const slow = { limit: null, lookedUpTo: 10, why: "more take longer than the 3 s for it" };
  const open = withBusy(slow, { busy: { requests: 80, closed: false }, closed: 0 });
  assert.deepEqual(open, { ...slow, lookedUpTo: 80 });
  const ended = withBusy(slow, { busy: { requests: 80, closed: true }, closed: 0 });
  assert.deepEqual(ended.limit, { requests: 80, once: true, announced: false });
  // Something ended the others as well.
  assert.equal(withBusy(slow, { busy: { requests: 80, closed: true }, closed: 10 }).limit, null);
});
