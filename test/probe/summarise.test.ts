import assert from "node:assert/strict";
import { test } from "node:test";
import type { IdleConnection } from "../../src/probe/idle-connection.ts";
import { summarise } from "../../src/probe/summarise.ts";

const connection = (idleMs: number, changes: Partial<IdleConnection> = {}): IdleConnection => ({
  endedBy: "FIN",
  idleMs,
  status: 200,
  claimedMs: 5000,
  announcedClose: false,
  httpVersion: "1.1",
  server: null,
  poweredBy: null,
  unaskedStatus: null,
  openedAtMs: 0,
  endedAtMs: idleMs,
  requests: 1,
  ...changes,
});

const open = (idleMs: number) => connection(idleMs, { endedBy: null });

test("The median of an odd number of closes is the middle one, of an even number the mean of the middle two.", () => {
  assert.equal(summarise([6003, 6000, 6001].map((ms) => connection(ms))).idleCloseMs, 6001);
  assert.equal(summarise([6008, 6000, 6002, 6001].map((ms) => connection(ms))).idleCloseMs, 6001.5);
});

test("One late close shows in the spread and not in the median.", () => {
  const { idleCloseMs, minMs, maxMs, spreadMs } = summarise([6000, 6001, 6002, 6003, 6950].map((ms) => connection(ms)));
  assert.deepEqual([idleCloseMs, minMs, maxMs, spreadMs], [6002, 6000, 6950, 950]);
});

test("There is an idle close only when more than half of the connections were closed.", () => {
  assert.equal(summarise([connection(6000), connection(6002), open(9000)]).idleCloseMs, 6001);
  assert.equal(summarise([connection(6000), open(9000)]).idleCloseMs, null);
  assert.equal(summarise([connection(6000), open(9000), open(9000)]).idleCloseMs, null);
});

test("Open connections count as connections, and tell for how long the probe watched.", () => {
  const { connections, closed, watchedMs, minMs, maxMs } = summarise([connection(6000), open(8000), open(9000)]);
  assert.deepEqual([connections, closed, watchedMs, minMs, maxMs], [3, 1, 9000, 6000, 6000]);
});

test("FINs and RSTs are counted apart, the open ones as neither.", () => {
  const seen = [connection(1), connection(2, { endedBy: "RST" }), connection(3, { endedBy: "RST" }), open(4)];
  assert.deepEqual(summarise(seen).endedBy, { fin: 1, rst: 2 });
});

test("One answer with a claim is enough, and with a name too; version and status are those of the first.", () => {
  const seen = [
    connection(1, { claimedMs: null, status: 404, httpVersion: "1.0" }),
    connection(2, { server: "nginx", poweredBy: "Express" }),
  ];
  const { claimedMs, server, poweredBy, status, httpVersion } = summarise(seen);
  assert.deepEqual([claimedMs, server, poweredBy, status, httpVersion], [5000, "nginx", "Express", 404, "1.0"]);
  assert.equal(summarise([connection(1, { claimedMs: null })]).claimedMs, null);
});

test("A close is announced when every answer announces it.", () => {
  const closing = connection(0, { announcedClose: true });
  assert.equal(summarise([closing, closing]).announcedClose, true);
});

test("A single announced close, as from a worker that is being replaced, is left out: the others decide.", () => {
  const closing = connection(0, { announcedClose: true });
  const { announcedClose, connections, closed, idleCloseMs, minMs } = summarise([closing, connection(6000), closing]);
  assert.deepEqual([announcedClose, connections, closed, idleCloseMs, minMs], [false, 1, 1, 6000, 6000]);
});

test("Without connections the summary is nulls and zeros.", () => {
  assert.deepEqual(summarise([]), {
    connections: 0,
    closed: 0,
    idleCloseMs: null,
    minMs: null,
    maxMs: null,
    spreadMs: null,
    endedBy: { fin: 0, rst: 0 },
    claimedMs: null,
    announcedClose: false,
    server: null,
    poweredBy: null,
    httpVersion: null,
    status: null,
    watchedMs: 0,
    closesBy: null,
    stepMs: 0,
    begunOverMs: 0,
    busy: null,
  });
});
