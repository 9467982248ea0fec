// npm test: quiet, since it asks at single milliseconds around a timeout
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { EdgeLine } from "../../src/evidence/edge-log.ts";
import { startLb, startNetwork, test } from "./chain.ts";
import { answerAll, startServer } from "./raw-server.ts";
import { type Answer, connectUser, connectUsers } from "./user.ts";

// The target never closes, so every connection ends by the LB's own timer. Without care 1-4 % of the requests aimed at
// that moment are lost; of a thousand, that would be ten at the very least.
const IDLE_MS = 400;
const NODES = 100;

test("Of 1,200 requests aimed at the LB's own idle timeout none is lost.", async (t) => {
  const target = await startServer(t, answerAll);
  const lb = await startLb(t, {
    target: await startNetwork(t, { target: target.address, rttMs: 2 }),
    idleTimeoutMs: IDLE_MS,
    nodes: NODES,
  });
  const users = await connectUsers(t, lb, NODES);

  const aimed = await Promise.all(
    users.map(async (user, i) => {
      // One after another, so that they do not meet in one turn of HAProxy's loop; 12 each, in steps of 0.5 ms from
      // 8 ms below to 3 ms above: what a busy machine does to the gap is make it longer.
      await delay(i * 4);
      const answers = [await user.send({ node: i + 1 })];
      for (let round = 0; round < 12; round++) {
        const gapMs = IDLE_MS - 8 + ((i + round * 7) % 23) / 2;
        await until(answers.at(-1)!.atMs + gapMs);
        answers.push(await user.send({ node: i + 1, method: round % 2 === 0 ? "GET" : "POST" }));
      }
      return answers;
    }),
  );

  const { edge } = await lb.stop({ edge: 13 * NODES });
  assertNoneLost(aimed, edge, t.diagnostic.bind(t));
});

test("The same holds for requests that take turns over the LB nodes.", async (t) => {
  const target = await startServer(t, answerAll);
  const lb = await startLb(t, { target: target.address, idleTimeoutMs: IDLE_MS, nodes: NODES });
  const user = await connectUser(t, lb);

  // A request every 4 ms, so each of the 100 nodes has its turn again after some 400 ms.
  const byNode: Answer[][] = Array.from({ length: NODES }, () => []);
  let roundMs = performance.now();
  for (let round = 0; round < 7; round++) {
    for (let node = 0; node < NODES; node++) {
      await until(roundMs + node * 4);
      byNode[node]!.push(await user.send());
    }
    roundMs += IDLE_MS - 2 + round;
  }

  const { edge } = await lb.stop({ edge: 7 * NODES });
  assertNoneLost(byNode, edge, t.diagnostic.bind(t));
});

test("The same holds for users who all come in the same instant.", async (t) => {
  const target = await startServer(t, answerAll);
  const idleMs = 200;
  // Fifty, since then HAProxy needs many ms for one turn of its loop, and its clocks stand still meanwhile.
  const lb = await startLb(t, {
    target: await startNetwork(t, { target: target.address, rttMs: 2 }),
    idleTimeoutMs: idleMs,
    nodes: 50,
  });
  const users = await connectUsers(t, lb, 50);

  const rounds: Answer[][] = [];
  for (let round = 0; round < 13; round++) {
    rounds.push(await Promise.all(users.map((user, i) => user.send({ node: i + 1 }))));
    const firstMs = Math.min(...rounds.at(-1)!.map(({ atMs }) => atMs));
    // All of a round are answered within some ms, so that one gap meets many: +-6 ms in steps of one.
    await until(firstMs + idleMs - 6 + ((round * 5) % 13));
  }

  const { edge } = await lb.stop({ edge: 13 * 50 });
  const byNode = users.map((_, i) => rounds.map((answers) => answers[i]!));
  assertNoneLost(byNode, edge, t.diagnostic.bind(t));
});

test("What the target loses well before the LB's idle timeout is not hidden.", async (t) => {
  const target = await startServer(t, ({ nth, socket, answer }) => (nth === 1 ? answer() : void socket.end()));
  const lb = await startLb(t, { target: target.address, idleTimeoutMs: 1000 });
  // The default number of nodes, once each: no chance takes part, as 500 ms are far from the timer's last 50.
  const users = await connectUsers(t, lb, 20);
  for (const [i, user] of users.entries()) await user.send({ node: i + 1 });
  await delay(500);
  for (const [i, user] of users.entries()) assert.equal((await user.send({ node: i + 1 })).status, 502);
});

/** @param byNode the answers to the requests of each LB node, in order */
function assertNoneLost(byNode: Answer[][], edge: EdgeLine[], diagnostic: (message: string) => void): void {
  const reused = byNode.map((answers) => answers.slice(1).filter(({ up }, i) => up === answers[i]!.up).length);
  const ownCount = reused.reduce((sum, count) => sum + count, 0);
  const count = byNode.flat().length - byNode.length;
  const hidden = edge.filter(({ retries }) => retries !== "0").length;
  diagnostic(`${count} aimed: ${ownCount} on the idle connection, ${count - ownCount} on a new one, ${hidden} retried`);

  const failed = edge.filter(({ status }) => status !== 200);
  assert.deepEqual(failed, []);
  assert.ok(byNode.flat().every(({ status }) => status === 200));
  // The aim was real: the moment lies inside the sweep, with many requests on each side of it.
  assert.ok(ownCount >= 30 && count - ownCount >= 30, `${ownCount} of ${count} met a connection still open`);
}

/** Resolves at `atMs` of performance.now(), to a tenth of a ms where the machine allows: timers know whole ms only. */
async function until(atMs: number): Promise<void> {
  const restMs = atMs - performance.now();
  if (restMs > 1) await delay(restMs - 1);
  while (performance.now() < atMs) await new Promise((resolve) => setImmediate(resolve));
}
