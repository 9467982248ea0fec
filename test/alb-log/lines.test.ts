import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAlbLine } from "../../src/alb-log/format.ts";
import { type AlbRequest, albLog } from "../../src/alb-log/lines.ts";
import { readStageLog } from "../../src/evidence/stage-log.ts";

test("A good and a lost request have the forms of a real ALB's lines.", () => {
  const [good, lost] = linesOf([edge({ id: "good", status: 304, up: "59254", answerMs: 3 }), edge({ id: "lost" })]);
  assert.equal(
    good,
    'http 2026-11-21T10:04:01.463426Z app/alb502-before/0000000000000000 127.0.0.1:40110 127.0.0.1:3000 0.000 0.003 0.000 304 304 723 188 "GET http://127.0.0.1:8080/orders HTTP/1.1" "k6/2.2.0" - - - "-" "-" "-" 0 2026-11-21T10:04:01.460426Z "forward" "-" "-" "127.0.0.1:3000" "304" "-" "-" - "-" "-" "-" -',
  );
  assert.match(lost!, / 127\.0\.0\.1:3000 0\.000 0\.003 -1 502 - 723 188 "GET /);
  assert.match(lost!, / "forward" "-" "-" "127\.0\.0\.1:3000" "-" /);
});

test("The time of a lost request is the rest of the total, as HAProxy has no answer time for it.", () => {
  const [line] = linesOf([edge({ headMs: 1, waitMs: 0, connectMs: 1, answerMs: -1, totalMs: 20 })]);
  assert.match(line!, / 0\.002 0\.018 -1 502 - /);
});

test("A connection that could not be made, a silent target and a client that left have their own forms.", () => {
  const [line] = linesOf([edge({})], [guard({ bytesOut: 0 })]);
  assert.match(line!, / 127\.0\.0\.1:3000 -1 -1 -1 502 - /);
  assert.match(linesOf([edge({ status: 504, totalMs: 60_000 })])[0]!, / 0\.000 -1 -1 504 - /);
  assert.match(linesOf([edge({ status: -1, termination: "CH" })])[0]!, / 0\.000 -1 -1 460 - /);
  assert.match(
    linesOf([edge({ status: 503, termination: "SC", sentOn: "0" })])[0]!,
    /:40110 - -1 -1 -1 503 - .* "-" "-" "-" "-" "-"/,
  );
});

test("A connection that was used before, or a request that the target logged, was no failure to connect.", () => {
  const before = edge({ id: "before", atUs: T - 6_000_000, status: 200, up: "40000", answerMs: 3 });
  assert.match(linesOf([before, edge({})], [guard({ openMs: 6003, bytesOut: 0 })])[1]!, / 0\.000 0\.003 -1 502 - /);
  const seen = ['{"event":"listening"}', '{"event":"request","at":1,"id":"lost","status":null}'];
  assert.match(linesOf([edge({})], [guard({ bytesOut: 0 })], seen)[0]!, / 0\.000 0\.003 -1 502 - /);
});

test("Lines are in the order of the answers, and carry the request's id beside them.", () => {
  const slow = edge({ id: "slow", totalMs: 5000 });
  const lines = albLogOf([slow, edge({ id: "fast", atUs: T + 1000 }), guard({})]);
  assert.deepEqual(
    lines.map(({ requestId, fate }) => `${requestId} ${fate}`),
    ["fast closed", "slow closed"],
  );
});

test("A field that an older log did not have is -, not made up.", () => {
  const old = `{"log":"edge","atUs":${T},"id":"7992de82","node":"22","method":"GET","path":"/path","status":200,"termination":"--","retries":"0","totalMs":8,"up":"59254"}`;
  assert.match(linesOf([old])[0]!, / - 127\.0\.0\.1:3000 - 0\.008 - 200 200 - - "GET http:\/\/-:-\/path -" "-" /);
});

const T = 1_795_255_441_460_426;

const linesOf = (edges: string[], guards: string[] = [], targetLog: string[] | null = null): string[] =>
  albLogOf([...edges, ...guards], targetLog).map(({ entry }) => formatAlbLine(entry));

function albLogOf(haproxy: string[], target: string[] | null = null): AlbRequest[] {
  const stage = {
    name: "before",
    targetUrl: "http://127.0.0.1:3000",
    logs: { haproxy, target: target ?? [], toxiproxy: [], k6: [] },
    ours: target ? (["haproxy", "target"] as const) : (["haproxy"] as const),
  };
  return albLog(readStageLog(stage, 2)!);
}

/** A line as simulator/haproxy.cfg writes it, of a lost request unless told otherwise. */
const edge = (fields: object): string =>
  JSON.stringify({
    log: "edge",
    atUs: T,
    id: "lost",
    node: "1",
    method: "GET",
    path: "/orders",
    status: 502,
    termination: "--",
    retries: "0",
    totalMs: 3,
    bytesIn: 723,
    bytesOut: 188,
    client: "127.0.0.1:40110",
    headMs: 0,
    waitMs: 0,
    connectMs: 0,
    answerMs: -1,
    http: "HTTP/1.1",
    host: "127.0.0.1:8080",
    port: 8080,
    agent: "k6/2.2.0",
    up: "-",
    sentOn: "40000",
    ...fields,
  });

const guard = (fields: object): string =>
  JSON.stringify({
    log: "guard",
    atUs: T + 2000,
    up: "40000",
    termination: "--",
    openMs: 2,
    bytesIn: 100,
    bytesOut: 500,
    ...fields,
  });
