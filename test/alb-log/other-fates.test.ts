import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { formatAlbLine } from "../../src/alb-log/format.ts";
import { albLog } from "../../src/alb-log/lines.ts";
import { loggedRequests } from "../../src/evidence/fate.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { type LbOptions, startLb, startNetwork, test } from "../simulator/chain.ts";
import { startServer } from "../simulator/raw-server.ts";
import { connectUser } from "../simulator/user.ts";

// The only times involved are the idle timeout of 300 ms and the 100 ms of work: one request of each kind is enough.
const IDLE_MS = 300;

test("A target that is not there is an ALB's failure to connect, with and without a network in between.", async (t) => {
  const nobody = `127.0.0.1:${(await freePorts(1))[0]}`;
  for (const target of [nobody, await startNetwork(t, { target: nobody, rttMs: 2 })]) {
    const lines = await linesOf(t, { target }, ["a", "b"]);
    for (const line of lines)
      assert.match(line, / 10\.0\.0\.1:80 -1 -1 -1 502 - \d+ \d+ "GET http:\/\/lb:\d+\/path HTTP\/1\.1"/);
    assert.equal(lines.length, 2);
  }
});

test("An https target that is not there is a failure to connect, too, though HAProxy calls it 503.", async (t) => {
  const target = await startNetwork(t, { target: `127.0.0.1:${(await freePorts(1))[0]}`, rttMs: 2 });
  const [line] = await linesOf(t, { target, foreign: new URL("https://shop.example") }, ["a"]);
  assert.match(line!, / 10\.0\.0\.1:80 -1 -1 -1 503 - /);
});

test("A target that closes in the middle of its work shows how long it had the request; a silent one is a 504.", async (t) => {
  const target = await startServer(t, ({ head, socket, answer }) => {
    const id = /^x-request-id: (.*)$/im.exec(head)![1]!;
    if (id === "closed") void delay(100).then(() => socket.end());
    else if (id !== "silent") answer();
  });
  const [answered, closed, silent] = await linesOf(t, { target: target.address }, ["answered", "closed", "silent"]);
  assert.match(answered!, / 10\.0\.0\.1:80 0\.00\d 0\.\d{3} 0\.00\d 200 200 /);
  assert.match(closed!, / 10\.0\.0\.1:80 0\.00\d 0\.[12]\d\d -1 502 - /);
  assert.match(silent!, / 10\.0\.0\.1:80 0\.00\d -1 -1 504 - /);
});

/** The access log of requests that are sent one after the other. */
async function linesOf(
  t: TestContext,
  options: Pick<LbOptions, "target" | "foreign">,
  ids: string[],
): Promise<string[]> {
  const lb = await startLb(t, { ...options, idleTimeoutMs: IDLE_MS, nodes: 1 });
  const user = await connectUser(t, lb);
  for (const id of ids) await user.send({ node: 1, id });
  const { edge, guard } = await lb.stop({ edge: ids.length });
  const requests = loggedRequests({ edge, guard }, { seenByApp: null, rttMs: 2 });
  return albLog({ name: "test", target: "10.0.0.1:80", requests }).map(({ entry }) => formatAlbLine(entry));
}
