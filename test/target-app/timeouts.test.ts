import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { applyTimeouts, predict, readTimeouts, type ServerTimeouts } from "../../target-app/timeouts.ts";

const defaults = { keepAliveTimeoutMs: 5000, headersTimeoutMs: 60_000, requestTimeoutMs: 300_000 };
const withoutBuffer: ServerTimeouts = { ...defaults, keepAliveTimeoutBufferMs: undefined };
const withBuffer: ServerTimeouts = { ...defaults, keepAliveTimeoutBufferMs: 1000 };
const nothing = { keepAliveTimeoutMs: undefined, keepAliveTimeoutBufferMs: undefined, headersTimeoutMs: undefined };

test("The hidden second of buffer is expected from Node 20.18.0 and 22.9.0 on, and not before.", () => {
  const idleCloseMs = (version: string) => predict(version, withoutBuffer, nothing).will.idleCloseMs;
  for (const version of ["v18.20.8", "v20.0.0", "v20.17.0", "v21.7.3", "v22.0.0", "v22.8.0"]) {
    assert.equal(idleCloseMs(version), 5000, version);
  }
  for (const version of ["v20.18.0", "v20.20.2", "v22.9.0", "v22.18.0", "v23.0.0", "v23.11.0", "v24.0.0", "v24.5.0"]) {
    assert.equal(idleCloseMs(version), 6000, version);
  }
});

test("Where Node has the buffer as a property, the value that was set counts, 0 included.", () => {
  const idleCloseMs = (keepAliveTimeoutBufferMs: number | undefined) =>
    predict("v24.6.0", withBuffer, { ...nothing, keepAliveTimeoutBufferMs }).will.idleCloseMs;
  assert.equal(idleCloseMs(undefined), 6000);
  assert.equal(idleCloseMs(0), 5000);
  assert.equal(idleCloseMs(250), 5250);
});

test("A buffer that this Node cannot set is named as ignored, with the versions that can.", () => {
  const { will, notes } = predict("v20.20.2", withoutBuffer, { ...nothing, keepAliveTimeoutBufferMs: 0 });
  assert.equal(will.idleCloseMs, 6000);
  assert.equal(notes.length, 1);
  assert.match(notes[0]!, /^KEEP_ALIVE_TIMEOUT_BUFFER_MS=0 is ignored: Node v20.20.2 .*22\.19\.0.*24\.6\.0.*1000 ms$/);
});

test("keepAliveTimeout 0 never closes an idle connection and announces nothing.", () => {
  const { will } = predict("v24.6.0", withBuffer, { ...nothing, keepAliveTimeoutMs: 0 });
  assert.equal(will.idleCloseMs, null);
  assert.equal(will.closesIdleAfter, "never");
  assert.equal(will.announces, null);
});

test("The words follow the figures: seconds as short as they can be, the announcement rounded down.", () => {
  const words = (keepAliveTimeoutMs: number) => {
    const { will } = predict("v20.20.2", withoutBuffer, { ...nothing, keepAliveTimeoutMs });
    return [will.closesIdleAfter, will.announces];
  };
  assert.deepEqual(words(5000), ["6.0 s", "Keep-Alive: timeout=5"]);
  assert.deepEqual(words(200), ["1.2 s", "Keep-Alive: timeout=0"]);
  assert.deepEqual(words(1999), ["2.999 s", "Keep-Alive: timeout=1"]);
});

test("A headersTimeout above requestTimeout does not throw, and the note says which of the two acts.", () => {
  const server = createServer();
  const asked = { ...nothing, headersTimeoutMs: 621_000 };
  const { will, notes } = predict(process.version, readTimeouts(server), asked);
  applyTimeouts(server, asked);
  assert.equal(server.headersTimeout, 621_000);
  assert.equal(will.headersTimeoutMs, server.requestTimeout);
  assert.match(notes[0]!, /^HEADERS_TIMEOUT_MS=621000 is above Node's requestTimeout of 300000 ms/);
});

test("Applying nothing leaves Node's own defaults.", () => {
  const server = createServer();
  const before = readTimeouts(server);
  applyTimeouts(server, nothing);
  assert.deepEqual(readTimeouts(server), before);
});
