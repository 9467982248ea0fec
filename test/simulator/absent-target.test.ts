import assert from "node:assert/strict";
import { freePorts } from "../../src/stage/ports.ts";
import { startLb, startNetwork, test } from "./chain.ts";
import { connectUsers } from "./user.ts";

const nobody = async (): Promise<string> => `127.0.0.1:${(await freePorts(1))[0]}`;

test("A target that does not listen is a 502 on every request.", async (t) => {
  await assertAll502(t, await nobody());
});

test("A target that does not listen is a 502 on every request with the network in between, too.", async (t) => {
  // Toxiproxy takes the connection, finds nobody behind it and closes.
  await assertAll502(t, await startNetwork(t, { target: await nobody(), rttMs: 2 }));
});

async function assertAll502(t: Parameters<typeof startLb>[0], target: string): Promise<void> {
  const lb = await startLb(t, { target });
  const users = await connectUsers(t, lb, 5);
  for (let i = 0; i < 4; i++) {
    // With and without a node, first and later requests of a client: the status must not depend on it.
    const answers = await Promise.all(users.map((user, node) => user.send(i % 2 === 0 ? { node: node + 1 } : {})));
    for (const { status, up, headers } of answers) {
      assert.equal(status, 502);
      assert.equal(up, undefined);
      assert.equal(headers.server, "awselb/2.0");
    }
  }
  assert.ok(users.every((user) => user.isConnected()));
  const { edge } = await lb.stop({ edge: 20 });
  assert.equal(edge.length, 20);
}
