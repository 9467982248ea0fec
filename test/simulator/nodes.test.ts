import assert from "node:assert/strict";
import { startLb, test } from "./chain.ts";
import { answerAll, startServer } from "./raw-server.ts";
import { connectUser, connectUsers } from "./user.ts";

test("Each LB node has a pool of its own: the same node reuses its connection, another node never does.", async (t) => {
  const target = await startServer(t, answerAll);
  const lb = await startLb(t, { target: target.address, nodes: 5 });
  const [one, other] = await connectUsers(t, lb, 2);

  const first = new Map<number, string>();
  for (const node of [1, 2, 3, 4, 5]) first.set(node, (await one!.send({ node })).up!);
  assert.equal(new Set(first.values()).size, 5);
  // In another order and from another client: the node decides, nothing else.
  for (const node of [4, 1, 5, 3, 2]) assert.equal((await other!.send({ node })).up, first.get(node));
  assert.equal(target.connections.length, 5);
});

test("Requests that name no LB node take turns over all nodes.", async (t) => {
  const target = await startServer(t, answerAll);
  const lb = await startLb(t, { target: target.address, nodes: 5 });
  const user = await connectUser(t, lb);

  const ups: (string | undefined)[] = [];
  for (let i = 0; i < 10; i++) ups.push((await user.send()).up);
  assert.equal(new Set(ups.slice(0, 5)).size, 5);
  assert.deepEqual(ups.slice(5), ups.slice(0, 5));

  const { edge } = await lb.stop({ edge: 10 });
  // Node 2 comes first: the counter is raised before it is read.
  assert.deepEqual(
    edge.map(({ node }) => Number(node)),
    [2, 3, 4, 5, 1, 2, 3, 4, 5, 1],
  );
});

test("X-Up is the port that the target's network sees the LB's pool come from, and stands in the edge's log.", async (t) => {
  const target = await startServer(t, answerAll);
  const lb = await startLb(t, { target: target.address });
  const user = await connectUser(t, lb);

  const { up } = await user.send({ node: 7 });
  const { edge } = await lb.stop({ edge: 1 });
  assert.match(up!, /^\d+$/);
  assert.deepEqual(
    edge.map((line) => [line.node, line.up]),
    [["7", up]],
  );
});

test("The target sees the client's request id but not the LB node.", async (t) => {
  const target = await startServer(t, answerAll);
  const lb = await startLb(t, { target: target.address });
  const user = await connectUser(t, lb);

  await user.send({ node: 3, id: "mine" });
  assert.match(target.heads[0]!, /^x-request-id: mine$/im);
  assert.doesNotMatch(target.heads[0]!, /x-lb-/i);
});

test("A request without an id gets one, the same at the target and in the log.", async (t) => {
  const target = await startServer(t, answerAll);
  const lb = await startLb(t, { target: target.address });
  const user = await connectUser(t, lb);

  await user.send();
  await user.send();
  const { edge } = await lb.stop({ edge: 2 });
  const seen = target.heads.map((head) => /^x-request-id: (.*)$/im.exec(head)?.[1]);
  assert.equal(new Set(seen).size, 2);
  assert.match(seen[0]!, /^[0-9a-f-]{36}$/);
  assert.deepEqual(
    edge.map(({ id }) => id),
    seen,
  );
});
