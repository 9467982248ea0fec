import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type K6Run, startK6, withoutQueries } from "../../src/aim/start-k6.ts";
import { EnvironmentError, InconclusiveError } from "../../src/run/exit.ts";
import { nativeK6 } from "../../src/stage/native/k6.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { bundles, folder, parts, test } from "../scenarios/k6.ts";

async function steady(t: TestContext, environment: Record<string, string>): Promise<K6Run & { lines: string[] }> {
  const lines: string[] = [];
  const { k6 } = parts;
  const onLine = (line: string) => void lines.push(line);
  const started = await startK6({ place: nativeK6(k6.path), bundle: bundles.steady, environment, onLine });
  t.after(() => started.process.stop());
  return { ...started, lines };
}

/** Answers every request; the end of the test closes it. */
async function healthyServer(t: TestContext): Promise<{ url: string; server: Server }> {
  const server = createServer((_request, response) => response.end("ok")).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** In the environment of this process, which is what a caller's shell sets. */
function setUntilTheEnd(t: TestContext, variables: Record<string, string>): void {
  Object.assign(process.env, variables);
  t.after(() => {
    for (const name of Object.keys(variables)) delete process.env[name];
  });
}

test("Its lines are shown without the queries of URLs, however these are quoted.", () => {
  const lines: [string, string][] = [
    [
      'error="Get \\"http://127.0.0.1:1/h?token=a\\\\\\"hush\\": EOF" a=b',
      'error="Get \\"http://127.0.0.1:1/h?... EOF" a=b',
    ],
    ['msg="GET http://lb/?a=b\'hush`hush" level=error', 'msg="GET http://lb/?... level=error'],
    ["http://lb/a?x?hush&y=#hush", "http://lb/a?..."],
    ["http://lb/a? and b?hush", "http://lb/a? and b?..."],
    ["nothing here", "nothing here"],
  ];
  for (const [line, shown] of lines) assert.equal(withoutQueries(line), shown);
});

const inconclusive = (about: RegExp) => (error: unknown) =>
  error instanceof InconclusiveError && about.test(error.message) && !error.message.includes("\n");

test("k6's 0 means that the thresholds held.", async (t) => {
  const { url } = await healthyServer(t);
  const { thresholdsHeld } = await steady(t, { TARGET_BASE_URL: url, DURATION: "1s" });
  assert.equal(await thresholdsHeld, true);
});

test("k6's 99 means that they did not: a finding, no failure.", async (t) => {
  const [port] = await freePorts(1);
  const { thresholdsHeld } = await steady(t, { TARGET_BASE_URL: `http://127.0.0.1:${port}`, DURATION: "1s" });
  assert.equal(await thresholdsHeld, false);
});

test("The caller's own K6_ variables do not reach it: not its thresholds, not where it writes.", async (t) => {
  const [port] = await freePorts(1);
  const written = join(folder, "of-the-caller");
  setUntilTheEnd(t, { K6_NO_THRESHOLDS: "true", K6_OUT: `json=${written}`, K6_SUMMARY_EXPORT: `${written}-summary` });
  const { thresholdsHeld, process } = await steady(t, { TARGET_BASE_URL: `http://127.0.0.1:${port}`, DURATION: "1s" });
  assert.equal(await thresholdsHeld, false, process.tail().join("\n"));
  assert.deepEqual([existsSync(written), existsSync(`${written}-summary`)], [false, false]);
});

test("k6's 107, an exception in the scenario, is no verdict, and k6's own error is quoted.", async (t) => {
  const { thresholdsHeld, lines } = await steady(t, { TARGET_BASE_URL: "nowhere" });
  await assert.rejects(
    thresholdsHeld,
    inconclusive(/^k6 failed \(its exit code 107\): .*TARGET_BASE_URL is \\"nowhere\\", expected an http\(s\) URL/),
  );
  assert.ok(lines.some((line) => line.includes("TARGET_BASE_URL")));
});

test("k6's 104, an option that it does not take, is no verdict.", async (t) => {
  const { thresholdsHeld } = await steady(t, { TARGET_BASE_URL: "http://127.0.0.1:9", DURATION: "soon" });
  await assert.rejects(thresholdsHeld, inconclusive(/^k6 failed \(its exit code 104\): .*duration/));
});

test("A k6 that is killed in the middle is no verdict.", async (t) => {
  const { url, server } = await healthyServer(t);
  const killed = await steady(t, { TARGET_BASE_URL: url, DURATION: "1m" });
  await once(server, "request");
  process.kill(killed.process.pid, "SIGKILL");
  await assert.rejects(killed.thresholdsHeld, inconclusive(/^k6 failed \(SIGKILL\): \S/));
});

test("A k6 that is stopped in the middle is no verdict.", async (t) => {
  const { url, server } = await healthyServer(t);
  const stopped = await steady(t, { TARGET_BASE_URL: url, DURATION: "1m" });
  await once(server, "request");
  await stopped.process.stop();
  await assert.rejects(stopped.thresholdsHeld, inconclusive(/^k6 failed \(its exit code 105\): \S/));
});

test("A k6 that is not there is the user's to fix.", async () => {
  const missing = { place: nativeK6("no-such-k6"), bundle: bundles.steady, environment: {}, onLine: () => {} };
  await assert.rejects(
    startK6(missing),
    (error) => error instanceof EnvironmentError && /^k6 cannot be run as no-such-k6: .*ENOENT/.test(error.message),
  );
});
