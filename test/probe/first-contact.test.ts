import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttp2Server, createSecureServer as createSecureHttp2Server } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { type TestContext, test } from "node:test";
import { answers, firstContact } from "../../src/probe/first-contact.ts";
import { getRequest } from "../../src/probe/request-bytes.ts";
import { UsageError } from "../../src/run/exit.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { answerThenEnd, OK, rawServer } from "./raw-server.ts";
import { selfSigned } from "./self-signed.ts";

const { signal } = new AbortController();
const ask = (url: URL, withinMs = 5000) => ({ url, request: getRequest(url), withinMs, signal });

/** The error's one line, which never shows the query. */
async function refusal(url: URL, withinMs?: number): Promise<string> {
  const secret = new URL(url);
  secret.search = "?token=s3cret";
  const error = await firstContact(ask(secret, withinMs)).then(
    () => assert.fail("there was an answer"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof UsageError, String(error));
  assert.doesNotMatch(error.message, /s3cret|\n/);
  return error.message;
}

async function nodeServer(t: TestContext, scheme: "http" | "https"): Promise<URL> {
  const answer = (_: unknown, response: { end(text: string): void }) => response.end("ok");
  const server: Server = scheme === "http" ? createHttpServer(answer) : createHttpsServer(selfSigned, answer);
  t.after(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return new URL(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

function otherScheme(url: URL): URL {
  return new URL(`${url.protocol === "https:" ? "http" : "https"}://${url.host}/`);
}

test("The answer to one request is given, over TLS too, with a self-signed certificate.", async (t) => {
  for (const tls of [false, true]) {
    const url = await rawServer(t, (socket) => answerThenEnd(socket, 0, "Server: x\r\n"), { tls });
    const { status, server } = await firstContact(ask(url));
    assert.deepEqual([status, server], [200, "x"]);
    assert.equal(await answers(ask(url)), true);
  }
});

test("Where nobody listens, the address is named and what to do.", async () => {
  const [port] = await freePorts(1);
  const url = new URL(`http://localhost:${port}/path`);
  assert.equal(
    await refusal(url),
    `nothing listens at localhost:${port} (ECONNREFUSED): start your app, or give the port it listens on; --start CMD starts it too`,
  );
  assert.equal(await answers(ask(url)), false);
});

test("An app that listens on [::1] alone is found at localhost.", async (t) => {
  const url = await rawServer(t, (socket) => answerThenEnd(socket, 0), { host: "::1" });
  assert.equal((await firstContact(ask(new URL(`http://localhost:${url.port}/`)))).status, 200);
});

test("A name without an address is named.", async () => {
  assert.match(
    await refusal(new URL("http://no-such-host.invalid/")),
    /^no address is known for no-such-host\.invalid \(/,
  );
});

test("https to a port without TLS, and http to one with TLS, each tell to take the other.", async (t) => {
  const plain = await nodeServer(t, "http");
  plain.protocol = "https:";
  assert.equal(await refusal(plain), `${plain.host} speaks no TLS, which https:// expects: give http://${plain.host}`);
  const tls = await nodeServer(t, "https");
  tls.protocol = "http:";
  assert.equal(await refusal(tls), `${tls.host} speaks TLS, and the URL says http://: give https://${tls.host}`);
});

test("Another protocol is refused as not HTTP/1.x, at once or when the time is over.", async (t) => {
  const redis = await rawServer(t, (socket) => socket.write("-ERR unknown command\r\n"));
  assert.equal(
    await refusal(redis),
    `what listens at ${redis.host} speaks no HTTP/1.x: give the port of your app's HTTP server`,
  );
});

test("A server of HTTP/2 alone is told as one, whatever it answers and with TLS or without.", async (t) => {
  const serve = (_: unknown, response: { end(text: string): void }) => response.end("ok");
  const line = (url: URL) => new RegExp(`^${url.host} speaks HTTP/2 only, .*: give a port that speaks HTTP/1\\.1`);
  for (const server of [createHttp2Server(serve), createSecureHttp2Server(selfSigned, serve)]) {
    t.after(() => void server.close());
    await once(server.listen(0, "127.0.0.1"), "listening");
    const scheme = "setSecureContext" in server ? "https" : "http";
    const url = new URL(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`);
    assert.match(await refusal(url), line(url));
    const other = otherScheme(url);
    assert.match(await refusal(other), scheme === "https" ? /speaks TLS, and the URL says http:/ : line(other));
  }
  for (const preface of ["\0\0\x12\x04\0\0\0\0\0", "\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x01"]) {
    const url = await rawServer(t, (socket) => socket.write(preface, "latin1"));
    assert.match(await refusal(url), line(url));
    const closing = await rawServer(t, (socket) => socket.end(preface, "latin1"));
    assert.match(await refusal(closing), line(closing));
  }
});

test("An error in HTTP/1.0, or one that speaks of HTTP/2, is an answer where the server speaks no HTTP/2.", async (t) => {
  const old = await rawServer(t, (socket) => socket.end("HTTP/1.0 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
  assert.equal((await firstContact(ask(old))).status, 403);
  const talks = await rawServer(t, (socket) => socket.end("HTTP/1.1 400 Bad\r\nContent-Length: 6\r\n\r\nHTTP/2"));
  assert.equal((await firstContact(ask(talks))).status, 400);
});

test("An answer that no load balancer would pass on is refused, and what is wrong with it is said.", async (t) => {
  const flaws: [answer: string, flaw: RegExp][] = [
    ["HTTP/1.1 101 Switching Protocols\r\n\r\n", /it switches protocols \(101\)/],
    ["HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", /it has a Content-Length that is no number of bytes/],
    ["HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok", /it has two different Content-Lengths/],
    [`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${"a:b\r\n".repeat(16_000)}\r\n`, /it has trailers of/],
    ["HTTP/1.1 100 Continue\r\n\r\n".repeat(1000), /it has more than 100 interim answers/],
  ];
  for (const [answer, flaw] of flaws) {
    const url = await rawServer(t, (socket) => socket.write(answer));
    const line = await refusal(url);
    assert.match(line, /^the answer of 127\.0\.0\.1:\d+ is not one that a load balancer would pass on: /);
    assert.match(line, flaw);
  }
});

test("A port without TLS that waits for more is told to an https URL, as is one with TLS that waits to an http URL.", async (t) => {
  const waits = await rawServer(t, (socket, _, head) => {
    if (head.startsWith("GET ")) socket.end(`${OK}\r\nok`);
  });
  waits.protocol = "https:";
  assert.match(await refusal(waits, 500), /speaks no TLS, which https:\/\/ expects: give http:/);
});

test("A connection that closes without an answer, in the middle of one or with a RST is told as such.", async (t) => {
  const closing = await rawServer(t, (socket) => socket.end());
  assert.match(
    await refusal(closing),
    new RegExp(`^${closing.host} closed the connection without an answer: .*HTTP/1\\.1`),
  );
  const cut = await rawServer(t, (socket) => socket.end(`${OK}\r\no`));
  assert.match(await refusal(cut), new RegExp(`^${cut.host} broke off its answer to GET in the middle: `));
});

test("An answer that does not come, or does not end, is waited for no longer than allowed.", async (t) => {
  const silent = await rawServer(t, () => {});
  assert.match(await refusal(silent, 200), /did not answer GET \/healthz\?\.\.\. within 0\.2 s: /);
  const endless = await rawServer(t, (socket) => socket.write("HTTP/1.1 200 OK\r\n\r\ndata: 1\n\n"));
  assert.match(await refusal(endless, 200), /did not end within 0\.2 s: give a --path whose answer ends$/);
});

test("An abort during the wait throws its own reason.", async (t) => {
  const silent = await rawServer(t, () => {});
  const reason = new Error("interrupted");
  const stop = new AbortController();
  setTimeout(() => stop.abort(reason), 50);
  await assert.rejects(firstContact({ ...ask(silent), signal: stop.signal }), reason);
});
