import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { test } from "node:test";
import { createWatch, type Incident } from "../../../src/command/up/watch.ts";
import { InconclusiveError } from "../../../src/run/exit.ts";

test("An answer on a connection that had carried a request before is reused, one on a new connection is fresh.", () => {
  const { watch } = started();
  watch.read(edge({ atMs: 0, up: "40001" }));
  watch.read(edge({ atMs: 10, up: "40002" }));
  watch.read(edge({ atMs: 20, up: "40001" }));
  assert.deepEqual(counts(watch), { requests: 3, reused: 1, fresh: 2, others: 0 });
});

test("A port that names a new connection after the first has ended is not a reuse.", () => {
  const { watch } = started();
  watch.read(edge({ atMs: 0, up: "40001" }));
  watch.read(guard({ atMs: 2000 }));
  watch.read(edge({ atMs: 60_000, up: "40001" }));
  watch.read(edge({ atMs: 60_100, up: "40001" }));
  assert.deepEqual(counts(watch), { requests: 3, reused: 1, fresh: 2, others: 0 });
});

test("The app's own 5xx is an answer, and an incident of its own kind.", () => {
  const { watch, incidents } = started();
  watch.read(edge({ atMs: 0, up: "40001", status: 503 }));
  watch.end();
  assert.deepEqual(kinds(incidents), ["app-error"]);
  assert.deepEqual(counts(watch), { requests: 1, reused: 0, fresh: 1, others: 0 });
  assert.equal(watch.traffic.failed["app-error"], 1);
});

test("Each of several losses at once is explained by its own connection, also when the guard's line comes after it.", () => {
  const { watch, incidents } = started();
  watch.read(edge({ atMs: 0, up: "40001" }));
  watch.read(guard({ atMs: 6001, openMs: 6001 }));
  watch.read(edge({ atMs: 6000, id: "lost", status: 502, sentOn: "40001" }));
  watch.read(edge({ atMs: 6000, id: "down", status: 502, sentOn: "40002" }));
  watch.read(guard({ atMs: 6001, up: "40002", bytesOut: 0 }));
  watch.read(edge({ atMs: 6000, id: "unknown", status: 502, sentOn: "40003" }));
  watch.end();
  assert.deepEqual(kinds(incidents), ["race", "down", "unknown"]);
  assert.equal(watch.traffic.firstLost?.id, "lost");
});

test("A 5xx is explained by itself within a second, and once.", async () => {
  const told = new EventEmitter();
  const { watch, incidents } = started(() => told.emit("incident"));
  watch.read(edge({ atMs: 0, status: 504 }));
  assert.equal(incidents.length, 0);
  await once(told, "incident", { signal: AbortSignal.timeout(1000) });
  watch.end();
  assert.deepEqual(kinds(incidents), ["slow"]);
});

test("A request that its client left, or that the LB refused with less than 500, is counted beside the others.", () => {
  const { watch, incidents } = started();
  watch.read(edge({ atMs: 0, status: -1, termination: "CH" }));
  watch.read(edge({ atMs: 0, status: 400 }));
  watch.end();
  assert.deepEqual(counts(watch), { requests: 2, reused: 0, fresh: 0, others: 2 });
  assert.deepEqual(incidents, []);
});

test("Lines that are neither a request nor a connection's end are skipped; half a line is an error.", () => {
  const { watch } = started();
  watch.read("[NOTICE] (1) : haproxy version is 2.6.12");
  assert.equal(watch.traffic.requests, 0);
  assert.throws(() => watch.read(edge({ atMs: 0 }).slice(0, 60)), InconclusiveError);
});

function started(onIncident = () => {}) {
  const incidents: Incident[] = [];
  const watch = createWatch(2, (incident) => {
    incidents.push(incident);
    onIncident();
  });
  return { incidents, watch };
}

const kinds = (incidents: readonly Incident[]): string[] => incidents.map(({ cause }) => cause.kind);

function counts({ traffic: { requests, reused, fresh, others } }: ReturnType<typeof createWatch>) {
  return { requests, reused, fresh, others };
}

const edge = ({ atMs, ...fields }: { atMs: number } & Record<string, unknown>): string =>
  JSON.stringify({
    log: "edge",
    atUs: (1_000_000 + atMs) * 1000,
    id: "one",
    node: "1",
    method: "GET",
    path: "/",
    status: 200,
    termination: "--",
    retries: "0",
    totalMs: 3,
    up: "-",
    sentOn: fields.up ?? "0",
    ...fields,
  });

const guard = ({ atMs, ...fields }: { atMs: number } & Record<string, unknown>): string =>
  JSON.stringify({
    log: "guard",
    atUs: (1_000_000 + atMs) * 1000,
    up: "40001",
    termination: "--",
    openMs: 1,
    bytesIn: 90,
    bytesOut: 200,
    ...fields,
  });
