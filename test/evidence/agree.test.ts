import assert from "node:assert/strict";
import { test } from "node:test";
import { disagreements } from "../../src/evidence/agree.ts";
import type { EdgeLine } from "../../src/evidence/edge-log.ts";
import type { Attempt } from "../../src/record/attempt.ts";

test("k6 and the LB agree when each aimed request was logged once, with the status that k6 saw.", () => {
  assert.deepEqual(disagreements([attempt("a", 200), attempt("b", 502)], [logged("b", 502), logged("a", 200)]), []);
});

test("Other requests that were answered do not matter: warm-up, follow-up.", () => {
  assert.deepEqual(disagreements([attempt("a", 200)], [logged("warm", 200), logged("a", 200)]), []);
});

test("An attempt that was not sent cannot be in the log.", () => {
  assert.deepEqual(disagreements([{ ...attempt("a", 0), outcome: "missed" }], []), []);
});

test("A request that k6's transport repeated unseen stands in the log twice.", () => {
  assert.deepEqual(
    disagreements([attempt("a", 200), attempt("b", 200)], [logged("a", 502), logged("a", 200), logged("b", 200)]),
    ["k6 and the LB's log disagree on 1 of 2 requests: k6 saw status 200 for a, the LB logged 502, 200."],
  );
});

test("Another status in the log than at the client is named.", () => {
  assert.deepEqual(disagreements([attempt("a", 200)], [logged("a", 502)]), [
    "k6 and the LB's log disagree on 1 of 1 requests: k6 saw status 200 for a, the LB logged 502.",
  ]);
});

test("A request that the LB never logged is named; of several, the first, and how many.", () => {
  assert.deepEqual(disagreements([attempt("a", 200), attempt("b", 0), attempt("c", 502)], [logged("a", 200)]), [
    "k6 and the LB's log disagree on 2 of 3 requests: k6 saw status 0 for b, the LB logged nothing.",
  ]);
});

test("An error that the LB answered to any other request is named: it may be a loss that nobody aimed at.", () => {
  assert.deepEqual(disagreements([attempt("a", 200)], [logged("warm", 502), logged("a", 200)]), [
    "The LB answered 1 other requests with an error; the first is warm with 502.",
  ]);
});

test("An aimed request that the LB repeated is named: a loss may hide behind its answer.", () => {
  assert.deepEqual(disagreements([attempt("a", 200)], [{ ...logged("a", 200), retries: "1" }]), [
    "The LB repeated 1 aimed requests, so it may have hidden a loss; the first is a.",
  ]);
});

const attempt = (requestId: string, status: number): Attempt => ({
  round: 1,
  user: 1,
  node: "1",
  setGapMs: 6000,
  gapMs: 6000.1,
  inWindow: true,
  outcome: status === 502 ? "lost" : "own",
  status,
  atMs: 6000,
  requestId,
  connection: null,
});

const logged = (id: string, status: number): EdgeLine => ({
  log: "edge",
  atUs: 1_795_255_441_460_426,
  id,
  node: "1",
  method: "GET",
  path: "/",
  status,
  termination: "--",
  retries: "0",
  totalMs: 2,
  up: "-",
  sentOn: "0",
});
