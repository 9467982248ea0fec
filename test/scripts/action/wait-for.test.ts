import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { readWaitOn, waitFor } from "../../../scripts/action/wait-for.ts";

const QUIET = { line() {}, transient() {}, paint: (_: unknown, text: string) => text };

test("It waits through 503 until the app answers, and takes a 404 for an answer.", async (t) => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked++;
    response.writeHead(asked < 3 ? 503 : 404).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  await waitFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, "", QUIET, t.signal);
  assert.equal(asked, 3);
});

test("An app that never comes is named with the time that was waited for it.", async (t) => {
  await assert.rejects(waitFor("1", "http://127.0.0.1:1/", QUIET, t.signal), {
    name: "UsageError",
    message: /^waited 1 s: nothing listens at 127\.0\.0\.1:1 \(ECONNREFUSED\): start your app/,
  });
});

test("A number is seconds, and a port is told from it.", () => {
  assert.equal(readWaitOn("90", "3000").seconds, 90);
  assert.equal(readWaitOn("90", "3000").url.href, "http://localhost:3000/");
  assert.deepEqual(readWaitOn("localhost:3000/health", ""), {
    url: new URL("http://localhost:3000/health"),
    seconds: 60,
  });
  assert.throws(() => readWaitOn("3000", "3000"), {
    message:
      'the input wait-on is "3000", expected a URL, or 1 to 900 seconds; for a port, wait-on: http://localhost:3000',
  });
  assert.throws(() => readWaitOn("90", ""), { message: /there is no url to wait for/ });
});
