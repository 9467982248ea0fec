import assert from "node:assert/strict";
import { test } from "node:test";
import type { Packet } from "../../src/evidence/capture/streams.ts";
import type { EdgeLine } from "../../src/evidence/edge-log.ts";
import { doubtsOfEvidence, explain, type Seen } from "../../src/evidence/explain.ts";
import { loggedRequests } from "../../src/evidence/fate.ts";
import type { GuardLine } from "../../src/evidence/guard-log.ts";
import { wireRequests } from "../../src/evidence/wire.ts";
import type { Attempt } from "../../src/record/attempt.ts";
import type { Hop } from "../../src/stage/stage.ts";

test("A loss is explained by who closed the connection, after how long, and that the app never saw it.", () => {
  const { losses } = explain(seen({}));
  assert.deepEqual(losses, [
    {
      requestId: "lost",
      atMs: 1_006_000,
      connection: "40001",
      closedBy: "target",
      idleMs: 5999,
      wire: null,
      afterFinMs: null,
      seenByApp: false,
      explanation:
        "The target closed the connection after it had been idle for 5.999 s, as the request was on its way; the app never saw it.",
    },
  ]);
});

test("A loss to the LB's own timer is not explained, and makes a doubt.", () => {
  const evidence = explain(seen({ guard: [guardLine({ termination: "cD" })] }));
  assert.equal(evidence.losses[0]!.closedBy, "lb");
  assert.deepEqual(doubtsOfEvidence(evidence), ["1 of 1 lost requests cannot be explained; the first is lost."]);
});

test("A loss of which the guard knows nothing is not explained.", () => {
  assert.equal(explain(seen({ guard: [] })).losses[0]!.explanation, null);
  assert.equal(explain(seen({ guard: [guardLine({ up: "40002" })] })).losses[0]!.explanation, null);
});

test("A loss is not explained by its connection's end seconds later: that was another one.", () => {
  const { atUs } = guardLine({});
  assert.equal(explain(seen({ guard: [guardLine({ atUs: atUs + 5_000_000 })] })).losses[0]!.explanation, null);
});

test("An app's log that lacks a request it answered tells nothing about the lost ones.", () => {
  const { losses } = explain(seen({ app: new Set(["warm"]) }));
  assert.equal(losses[0]!.seenByApp, null);
  assert.doesNotMatch(losses[0]!.explanation!, /app/);
});

test("A request that the app has seen was not lost in the race.", () => {
  assert.equal(explain(seen({ app: new Set(["lost"]) })).losses[0]!.explanation, null);
});

test("A request that may have been in the app's hands for long was not lost in the race, unless its log says otherwise.", () => {
  const edges = EDGE.map((line) => (line.id === "lost" ? { ...line, totalMs: 100 } : line));
  assert.equal(explain(seen({ edge: edges, app: null })).losses[0]!.explanation, null);
  const guards = [guardLine({ atUs: 1_006_091_000, openMs: 6091 })];
  assert.match(explain(seen({ edge: edges, guard: guards })).losses[0]!.explanation!, /the app never saw it/);
});

test("Where the app's log is not ours, nothing is said about it.", () => {
  const [loss] = explain(seen({ app: null })).losses;
  assert.equal(loss!.seenByApp, null);
  assert.doesNotMatch(loss!.explanation!, /app/);
});

test("On the wire a request after the FIN, one closed unread, one reset and one met at the LB are told apart.", () => {
  const request = { from: "client", length: 90, atMs: 6000 } as const;
  const cases: [string, Record<string, Fact[]>, number | null][] = [
    ["after-fin", { far: [{ ...FIN, atMs: 5999 }, request, { ...RST, atMs: 6001 }] }, 1],
    ["unread", { far: [request, { ...FIN, atMs: 6000.5 }, { ...RST, atMs: 6001 }] }, -0.5],
    ["reset", { far: [request, { ...RST, atMs: 6001 }] }, null],
    ["at-lb", { near: [{ ...FIN, atMs: 5999.75 }, request, { ...RST, atMs: 6001 }] }, 0.25],
  ];
  for (const [wire, hops, afterFinMs] of cases) {
    const { losses, capture } = explain(seen({ capture: captured(hops) }));
    assert.deepEqual([losses[0]!.wire, losses[0]!.afterFinMs], [wire, afterFinMs]);
    assert.ok(losses[0]!.explanation);
    assert.equal(capture!.counts.resets, 1);
  }
});

test("A request that left the client, but not the LB, met the close between the LB's own tiers.", () => {
  const client: Fact[] = [
    { from: "client", length: 90, atMs: 6000 },
    { from: "server", length: 200, atMs: 6002, text: "HTTP/1.1 502 Bad Gateway\r\n" },
  ];
  const evidence = explain(seen({ capture: captured({ client }) }));
  assert.equal(evidence.losses[0]!.wire, "inside-lb");
  assert.deepEqual(doubtsOfEvidence(evidence), []);
});

test("A lost request that the capture does not hold is not explained.", () => {
  const evidence = explain(seen({ capture: captured({}) }));
  assert.equal(evidence.losses[0]!.explanation, null);
  assert.equal(doubtsOfEvidence(evidence).length, 2, "unexplained, and the counts differ");
});

test("A lost request that was answered on the wire is not explained.", () => {
  const answered: Fact[] = [
    { from: "client", length: 90, atMs: 6000 },
    { from: "server", length: 100, atMs: 6001 },
  ];
  assert.equal(explain(seen({ capture: captured({ far: answered }) })).losses[0]!.explanation, null);
});

test("Counts that agree make no doubt: k6's, the LB's, the 502s to the client, the resets.", () => {
  const hops = {
    client: [
      { from: "client", length: 90, atMs: 6000 },
      { from: "server", length: 200, atMs: 6002, text: "HTTP/1.1 502 Bad Gateway\r\n" },
    ],
    far: [
      { ...FIN, atMs: 5999 },
      { from: "client", length: 90, atMs: 6000 },
      { ...RST, atMs: 6001 },
    ],
  } satisfies Record<string, Fact[]>;
  const evidence = explain(seen({ capture: captured(hops) }));
  assert.deepEqual(evidence.capture!.counts, { k6: 1, lb: 1, wire502: 1, resets: 1 });
  assert.deepEqual(doubtsOfEvidence(evidence), []);
});

type Fact = Partial<Packet> & { atMs: number };
const FIN = { from: "server", fin: true } as const;
const RST = { from: "server", rst: true } as const;

/** Streams of those hops; a client's segment with payload is the lost request. */
function captured(hops: Record<string, Fact[]>): Seen["capture"] {
  const streams = Object.entries(hops).map(([hop, facts], id) => ({ hop: hop as Hop, id, packets: facts.map(packet) }));
  return { by: "dumpcap 4.0.17", packets: 9, requests: wireRequests(streams) };
}

const packet = ({ atMs, ...rest }: Fact): Packet => ({
  atUs: atMs * 1000,
  from: "client",
  fin: false,
  syn: false,
  rst: false,
  ack: true,
  length: 0,
  text: rest.from === "client" && rest.length ? "GET / HTTP/1.1\r\nX-Request-Id: lost\r\n\r\n" : "",
  ...rest,
});

interface Facts {
  edge: EdgeLine[];
  guard: GuardLine[];
  app: Set<string> | null;
  capture: Seen["capture"];
}

function seen({
  edge = EDGE,
  guard = [guardLine({})],
  app = new Set(["warm", "fine"]),
  capture,
}: Partial<Facts>): Seen {
  return {
    attempts: [attempt("lost", "lost"), attempt("fine", "own")],
    log: {
      requests: loggedRequests({ edge, guard }, { seenByApp: app, rttMs: 2 }),
      app: app && { lines: [], ids: app },
    },
    capture: capture ?? { why: "not captured" },
  };
}

const attempt = (requestId: string, outcome: Attempt["outcome"]): Attempt => ({
  round: 0,
  user: 0,
  node: requestId === "lost" ? "1" : "2",
  setGapMs: 6000,
  gapMs: 6000,
  inWindow: true,
  outcome,
  status: outcome === "lost" ? 502 : 200,
  atMs: 6000,
  requestId,
  connection: null,
});

const edgeLine = (id: string, atMs: number, status: number, up: string): EdgeLine => ({
  log: "edge",
  atUs: atMs * 1000,
  id,
  node: id === "fine" ? "2" : "1",
  method: "GET",
  path: "/",
  status,
  termination: status === 502 ? "SH" : "--",
  retries: "0",
  totalMs: 1,
  up,
  sentOn: up === "-" ? "40001" : up,
});

const guardLine = (changes: Partial<GuardLine>): GuardLine => ({
  log: "guard",
  atUs: 1_006_001_000,
  up: "40001",
  termination: "--",
  openMs: 6001,
  bytesIn: 90,
  bytesOut: 200,
  ...changes,
});

const EDGE = [
  edgeLine("warm", 1_000_000, 200, "40001"),
  edgeLine("lost", 1_006_000, 502, "-"),
  edgeLine("fine", 1_006_001, 200, "7"),
];
