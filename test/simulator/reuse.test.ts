import assert from "node:assert/strict";
import { startLb, test } from "./chain.ts";
import { type Exchange, startServer } from "./raw-server.ts";
import { connectUser } from "./user.ts";

// Each second request on a connection is dropped, so that a 502 means: an idle connection was reused. As there is no
// chance in it, 20 pairs are plenty.
const PAIRS = 20;
const dropEverySecond = ({ nth, socket, answer }: Exchange) => (nth === 1 ? answer() : void socket.end());

test("As shipped, a new client's request goes out on an idle connection of its LB node, and can be lost.", async (t) => {
  const target = await startServer(t, dropEverySecond);
  const lb = await startLb(t, { target: target.address });

  assert.deepEqual(await statuses(t, lb), new Array(PAIRS).fill([200, 502]).flat());
  assert.equal(target.connections.length, PAIRS);
});

test("http-reuse safe, HAProxy's default, hides the race: each new client gets a new connection.", async (t) => {
  const target = await startServer(t, dropEverySecond);
  const lb = await startLb(t, { target: target.address, reuse: "safe" });

  assert.deepEqual(await statuses(t, lb), new Array(2 * PAIRS).fill(200));
  assert.equal(target.connections.length, 2 * PAIRS);
});

/** Of requests one after another, each from a client of its own. */
async function statuses(t: Parameters<typeof connectUser>[0], lb: { port: number }): Promise<number[]> {
  const found: number[] = [];
  for (let i = 0; i < 2 * PAIRS; i++) {
    const client = await connectUser(t, lb);
    found.push((await client.send({ node: 1 })).status);
  }
  return found;
}
