// npm test: quiet, since it holds an idle timeout to 20 ms
import assert from "node:assert/strict";
import { startLb, test } from "./chain.ts";
import { lowerQuartile } from "./lower-quartile.ts";
import { startServer } from "./raw-server.ts";
import { connectUsers } from "./user.ts";

// The guard's timer runs out in the same moment as the one that makes the 504, and would make it a 502 if it came first:
// 40 users give it 80 chances to.
const USERS = 40;
const IDLE_MS = 300;

test("A target that is silent for the LB's idle timeout is a 504, on a new connection and on a reused one.", async (t) => {
  // Silent on 1, answers 2 (on a new connection, as the LB has given up the first), silent on 3.
  const seen = new Map<string, number>();
  const target = await startServer(t, ({ head, answer }) => {
    const id = /^x-request-id: (.*)$/im.exec(head)![1]!;
    seen.set(id, (seen.get(id) ?? 0) + 1);
    if (id.endsWith("answer")) answer();
  });
  const lb = await startLb(t, { target: target.address, idleTimeoutMs: IDLE_MS, nodes: USERS });
  const users = await connectUsers(t, lb, USERS);
  const all = (id: string) =>
    Promise.all(
      users.map(async (user, i) => {
        const sentMs = performance.now();
        const { status, body, atMs } = await user.send({ node: i + 1, id: `${i}-${id}` });
        return { status, body, tookMs: atMs - sentMs };
      }),
    );

  const fresh = await all("fresh");
  assert.ok((await all("answer")).every(({ status }) => status === 200));
  const reused = await all("reused");

  for (const { status, body, tookMs } of [...fresh, ...reused]) {
    assert.equal(status, 504);
    assert.match(body, /^<html>\r\n<head><title>504 Gateway Time-out<\/title><\/head>\r\n/);
    // Some ms early, as HAProxy reads its clock once per turn of its loop and 40 at once make that a long turn; late by
    // the stalls of a busy machine, but not by a second try of 300 ms.
    assert.ok(tookMs >= IDLE_MS - 10 && tookMs < IDLE_MS + 250, `answered after ${tookMs} ms`);
  }
  const quarterMs = lowerQuartile([...fresh, ...reused].map(({ tookMs }) => tookMs));
  t.diagnostic(`a quarter were answered within ${quarterMs.toFixed(1)} ms`);
  assert.ok(quarterMs <= IDLE_MS + 20, `a quarter took more than ${quarterMs} ms`);
  assert.ok(
    [...seen.values()].every((times) => times === 1),
    "no request was sent twice",
  );
  assert.ok(users.every((user) => user.isConnected()));
});
