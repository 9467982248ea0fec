import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resultSchema } from "../../../src/record/result.ts";
import { needs } from "../../needs.ts";
import { endedCleanly, oneLine } from "../../nothing-left.ts";
import { startCommand } from "../../start-command.ts";

const { test } = await needs("haproxy", "k6", "toxiproxy");

test("An app whose idle connections are closed under traffic, again and again, loses some of it: exit 1.", async (t) => {
  const server = createServer((request, response) => {
    if (request.url === "/deploy") server.closeIdleConnections();
    response.end("ok\n");
  });
  server.keepAliveTimeout = 65_000;
  t.after(() => server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // 20 connections with ten requests a second each, and a round trip of 20 ms: one in five meets each close, 100 in all.
  const again = `for i in $(seq 30); do curl -s ${url}/deploy > /dev/null; sleep 0.2; done`;
  const args = [url, "--runtime", "native", "--rtt", "20ms", "--deploy", again, "--deploy-for", "1s", "--json"];
  const { code, stdout, stderr } = await endedCleanly(await startCommand(t, "check", args));
  const { verdict, runs, settings, lb } = resultSchema.parse(JSON.parse(stdout || assert.fail(stderr)));
  assert.deepEqual([lb.nodes, settings.aim, settings.connections], [20, undefined, undefined]);
  assert.deepEqual([code, verdict, settings.deploy], [1, "lost", true], stderr);
  assert.ok(runs[0]!.lost > 0);
  assert.doesNotMatch(stdout, /curl/);
});

test("A command that deploys nothing is inconclusive: exit 3.", async (t) => {
  const server = createServer((_, response) => response.end("ok\n"));
  server.keepAliveTimeout = 65_000;
  t.after(() => server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const args = [url, "--runtime", "native", "--deploy", "true", "--deploy-for", "1s"];
  const { code, stdout } = await endedCleanly(await startCommand(t, "check", args));
  assert.equal(code, 3);
  assert.match(stdout, /INCONCLUSIVE\. The command ended none of the LB's connections/);
});

test("--deploy without a command, or beside --through, is one line: exit 2.", async (t) => {
  for (const args of [["--deploy="], ["--deploy", "true", "--through", "localhost:1"]]) {
    const ended = await endedCleanly(await startCommand(t, "check", ["3000", ...args]));
    assert.equal(ended.code, 2);
    assert.match(oneLine(ended), /--deploy/);
  }
});
