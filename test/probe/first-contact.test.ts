import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
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
    `nothing listens at localhost:${port} (ECONNREFUSED): start your app, or give the port it listens on`,
  );
  assert.equal(await answers(ask(url)), false);
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
