import assert from "node:assert/strict";
import { test } from "node:test";
import type { EdgeLine } from "../../src/evidence/edge-log.ts";
import { type Fate, loggedRequests } from "../../src/evidence/fate.ts";
import type { GuardLine } from "../../src/evidence/guard-log.ts";

// The facts of a race: a connection opened for one request, idle for 5.997 s, and closed as the next one came.
const WARM = edge({ id: "warm", atMs: 0, status: 200, up: "40001" });
const LOST = edge({ atMs: 6000 });
const END = guard({ atMs: 6001, openMs: 6001 });

test("A request on an idle connection that the target closed is the race, with the connection and its idle time.", () => {
  const race = { kind: "race", connection: "40001", closedBy: "target", idleMs: 5997 };
  assert.deepEqual(fateOf([WARM, LOST], [END]), race);
  assert.deepEqual(fateOf([WARM, LOST], [{ ...END, termination: "SD" }]), race, "by a reset");
});

test("A connection of another node, or another one of the same node, that ended in the same millisecond decides nothing.", () => {
  const neighbours = [
    guard({ up: "40002", atMs: 6001, openMs: 1, bytesOut: 0 }),
    guard({ up: "40003", atMs: 6001, openMs: 900, termination: "cD" }),
  ];
  assert.equal(fateOf([WARM, LOST], [...neighbours, END]).kind, "race");
  const fresh = { ...LOST, sentOn: "40002" };
  assert.equal(fateOf([WARM, fresh], [END, ...neighbours]).kind, "unconnected");
  const expired = { ...LOST, sentOn: "40003" };
  assert.equal(fateOf([WARM, expired], [END, ...neighbours]).kind, "expired");
  assert.deepEqual(fateOf([WARM, LOST], neighbours), {
    kind: "unknown",
    connection: "40001",
    closedBy: "unknown",
    idleMs: 5997,
  });
});

test("Where the LB names no connection, nothing is known, whatever ended at the time.", () => {
  assert.deepEqual(fateOf([WARM, { ...LOST, sentOn: "0" }], [END]), {
    kind: "unknown",
    connection: null,
    closedBy: "unknown",
    idleMs: null,
  });
});

test("A connection that ended long before or after the request did not carry it.", () => {
  for (const atMs of [5900, 6500]) assert.equal(fateOf([WARM, LOST], [guard({ atMs, openMs: atMs })]).kind, "unknown");
});

test("A new connection that ended without a byte from the target was none: nobody was there.", () => {
  const end = guard({ atMs: 6001, openMs: 1, bytesOut: 0 });
  const unconnected = { kind: "unconnected", connection: "40001", closedBy: "target", idleMs: null };
  assert.deepEqual(fateOf([LOST], [end]), unconnected);
  assert.deepEqual(fateOf([WARM, LOST], [end]), unconnected, "a port that named another connection before");
  assert.equal(
    fateOf([LOST], [{ ...end, termination: "SC" }]).kind,
    "unconnected",
    "refused without a network between",
  );
});

test("The pool's 503 is a connection that could not be made; of the edge's own answers no target was asked.", () => {
  const pool = { ...LOST, status: 503, sentOn: "0" };
  assert.equal(fateOf([pool], [guard({ atMs: 6001, bytesOut: 7 })]).kind, "unconnected");
  assert.equal(fateOf([{ ...pool, termination: "SC" }], [END]).kind, "refused");
  assert.equal(fateOf([{ ...LOST, status: 400 }], [END]).kind, "refused");
});

test("What the app logged, or took longer than a round trip and 30 ms, was closed in the middle of its work.", () => {
  const closed = { kind: "closed", connection: "40001", closedBy: "target", idleMs: 5997 };
  assert.deepEqual(fateOf([WARM, LOST], [END], new Set(["lost"])), closed);
  const long = { ...LOST, totalMs: 33 };
  assert.deepEqual(fateOf([WARM, long], [{ ...END, atUs: END.atUs + 30_000 }]), closed);
  assert.equal(fateOf([WARM, { ...LOST, totalMs: 32 }], [END]).kind, "race");
});

test("An app whose log has all that it answered, and not this one, never had it in hand: a busy machine took long.", () => {
  const long = { ...LOST, totalMs: 33 };
  const end = { ...END, atUs: END.atUs + 30_000 };
  assert.equal(fateOf([WARM, long], [end], new Set(["warm"])).kind, "race");
  assert.equal(fateOf([WARM, long], [end], new Set()).kind, "closed", "it lacks what was answered, too");
});

test("A connection that the LB's own timer closed is no race.", () => {
  for (const termination of ["cD", "sD"])
    assert.deepEqual(fateOf([WARM, LOST], [{ ...END, termination }]), {
      kind: "expired",
      connection: "40001",
      closedBy: "lb",
      idleMs: 5997,
    });
});

test("An answer, a silent target and a client that left are told by the request's own line.", () => {
  assert.deepEqual(fateOf([{ ...LOST, status: 502, up: "40001" }], [END]), { kind: "answered" }, "the app's own 502");
  assert.deepEqual(fateOf([{ ...LOST, status: 504 }], [END]), { kind: "silent" });
  assert.deepEqual(fateOf([{ ...LOST, status: -1, termination: "CH" }], [END]), { kind: "left" });
});

/** The fate of the last of `edges`. */
function fateOf(edges: EdgeLine[], ends: GuardLine[], seenByApp: Set<string> | null = null): Fate {
  return loggedRequests({ edge: edges, guard: ends }, { seenByApp, rttMs: 2 }).at(-1)!.fate;
}

function edge({ atMs, ...fields }: Partial<EdgeLine> & { atMs: number }): EdgeLine {
  return {
    log: "edge",
    atUs: (1_000_000 + atMs) * 1000,
    id: "lost",
    node: "1",
    method: "GET",
    path: "/",
    status: 502,
    termination: "--",
    retries: "0",
    totalMs: 3,
    up: "-",
    sentOn: fields.up ?? "40001",
    ...fields,
  };
}

function guard({ atMs, ...fields }: Partial<GuardLine> & { atMs: number }): GuardLine {
  return {
    log: "guard",
    atUs: (1_000_000 + atMs) * 1000,
    up: "40001",
    termination: "--",
    openMs: 0,
    bytesIn: 90,
    bytesOut: 200,
    ...fields,
  };
}
