import assert from "node:assert/strict";
import { test } from "node:test";
import { edgeLines } from "../../src/evidence/edge-log.ts";
import { InconclusiveError } from "../../src/run/exit.ts";

// Lines as HAProxy 2.6.12 wrote them with the shipped configuration; test/simulator/ reads live ones.
const ANSWERED =
  '{"log":"edge","atUs":1795255441460426,"id":"7992de82","node":"22","method":"GET","path":"/path","status":200,"termination":"--","retries":"0","totalMs":8,"bytesIn":67,"bytesOut":77,"client":"127.0.0.1:40110","up":"59254"}';
const LOST =
  '{"log":"edge","atUs":1795255441481465,"id":"0ec707b9","node":"11","method":"POST","path":"/path","status":502,"termination":"--","retries":"0","totalMs":2,"bytesIn":67,"bytesOut":222,"client":"127.0.0.1:40112","up":"-"}';
const GUARD =
  '{"log":"guard","atUs":1795255441481465,"up":"59254","termination":"cD","openMs":300,"towards":"3000","bytesIn":1,"bytesOut":1}';

test("The edge's lines are found among everything else that HAProxy writes, in its order.", () => {
  const lines = edgeLines(["[NOTICE] (1) : haproxy version is 2.6.12", LOST, GUARD, "", ANSWERED]);
  assert.deepEqual(
    lines.map(({ id, status, node, method, up }) => ({ id, status, node, method, up })),
    [
      { id: "0ec707b9", status: 502, node: "11", method: "POST", up: "-" },
      { id: "7992de82", status: 200, node: "22", method: "GET", up: "59254" },
    ],
  );
});

test("Microseconds since 1970 keep their last digit.", () => {
  assert.equal(edgeLines([ANSWERED])[0]!.atUs, 1_795_255_441_460_426);
});

test("A log without edge lines has none.", () => {
  assert.deepEqual(edgeLines([]), []);
  assert.deepEqual(edgeLines([GUARD]), []);
});

test("An edge line that was cut off, or lacks a field, is an error: a line left out would be a wrong count.", () => {
  assert.throws(() => edgeLines([LOST.slice(0, 100)]), InconclusiveError);
  assert.throws(() => edgeLines([LOST.replace('"status":502,', "")]), InconclusiveError);
});
