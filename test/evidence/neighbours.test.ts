import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { formatAlbLine } from "../../src/alb-log/format.ts";
import { albLog } from "../../src/alb-log/lines.ts";
import { createWatch } from "../../src/command/up/watch.ts";
import { type LbLog, type LoggedRequest, loggedRequests } from "../../src/evidence/fate.ts";
import { startApp } from "../command/check/target.ts";
import { startLb, startNetwork, test } from "../simulator/chain.ts";
import { type Exchange, startServer } from "../simulator/raw-server.ts";
import { connectUsers } from "../simulator/user.ts";

// Connections that end in the same instant, of several LB nodes and of one: each request's fate has to follow from the one
// that carried it. How long it takes decides nothing here: a busy machine may need more than 32 ms for all that comes at once.
const RTT_MS = 500;
const ROUNDS = 5;

test("Of 20 nodes in the same instant 10 lose a request on an idle connection, 10 fail to connect a new one; none takes the other's fate.", async (t) => {
  const target = await startServer(t, ({ head, socket, answer }) =>
    idOf(head).startsWith("warm") ? answer() : void socket.end(),
  );
  const lb = await startLb(t, { target: await startNetwork(t, { target: target.address, rttMs: 2 }) });
  const users = await connectUsers(t, lb, 20);
  const carriers = new Map<string, string>();
  for (let round = 0; round < ROUNDS; round++) {
    const idle = await Promise.all(
      users.slice(0, 10).map((user, i) => user.send({ node: i + 1, id: `warm-${round}-${i}` })),
    );
    for (const [i, { up }] of idle.entries()) carriers.set(`lost-${round}-${i}`, up!);
    const ids = users.map((_, i) => `${i < 10 ? "lost" : "none"}-${round}-${i}`);
    const answers = await Promise.all(users.map((user, i) => user.send({ node: i + 1, id: ids[i]! })));
    assert.ok(answers.every(({ status }) => status === 502));
  }

  const log = await lb.stop({ edge: ROUNDS * 30, guard: ROUNDS * 20 });
  const failed = requestsOf(log).filter(({ id }) => !id.startsWith("warm"));
  for (const { id, fate } of failed) {
    assert.equal(fate.kind, id.startsWith("lost") ? "race" : "unconnected", id);
    assert.ok("connection" in fate && fate.connection !== null);
    if (id.startsWith("lost")) assert.equal(fate.connection, carriers.get(id));
  }
  assert.equal(failed.length, ROUNDS * 20);
  assertSaidAlike(log);
});

test("Of five connections of one node that end in the same instant, each lost request has its own.", {
  timeout: 60_000,
}, async (t) => {
  const warmOn = new Map<Socket, string>();
  const carriers = new Map<string, string>();
  let waiting: Exchange[] = [];
  // All five are in hand before the first is dealt with, so that each has a connection to itself.
  const target = await startServer(t, (exchange) => {
    waiting.push(exchange);
    if (waiting.length < 5) return;
    for (const { head, socket, answer } of waiting) {
      const id = idOf(head);
      if (!id.startsWith("lost")) answer();
      if (id.startsWith("warm")) warmOn.set(socket, id);
      else socket.end();
      if (id.startsWith("lost")) carriers.set(id, warmOn.get(socket)!);
    }
    waiting = [];
  });
  const lb = await startLb(t, { target: await startNetwork(t, { target: target.address, rttMs: 2 }) });
  const users = await connectUsers(t, lb, 5);
  const ups = new Map<string, string>();
  // Each round on a node of its own: what the round before left must not lose this one's.
  for (let round = 0; round < ROUNDS; round++) {
    for (const kinds of [
      ["warm", "warm", "warm", "warm", "warm"],
      ["lost", "kept", "lost", "kept", "kept"],
    ]) {
      const ids = kinds.map((kind, i) => `${kind}-${round}-${i}`);
      const answers = await Promise.all(users.map((user, i) => user.send({ node: round + 1, id: ids[i]! })));
      for (const [i, { up }] of answers.entries()) ups.set(ids[i]!, up!);
    }
  }

  const log = await lb.stop({ edge: ROUNDS * 10, guard: ROUNDS * 5 });
  const lost = requestsOf(log).filter(({ id }) => id.startsWith("lost"));
  for (const { id, fate } of lost) {
    assert.equal(fate.kind, "race", id);
    assert.equal("connection" in fate && fate.connection, ups.get(carriers.get(id)!));
  }
  assert.equal(lost.length, ROUNDS * 2);
  const { reused, fresh } = assertSaidAlike(log);
  assert.deepEqual({ reused, fresh }, { reused: ROUNDS * 3, fresh: ROUNDS * 5 });
});

test("As an app is killed, a request on an idle connection is lost in the race, and one on a new one fails to connect.", async (t) => {
  const app = await startApp(t, 60_000);
  // 200 ms each way: long enough for both requests to be on their way before the end of the app is known.
  const network = await startNetwork(t, { target: `127.0.0.1:${new URL(app.url).port}`, rttMs: 400 });
  const lb = await startLb(t, { target: network, nodes: 2 });
  const [one, two] = await connectUsers(t, lb, 2);
  const { up } = await one!.send({ node: 1, id: "warm" });
  await delay(100);
  process.kill(app.process.pid, "SIGKILL");
  await app.process.exited;
  const answers = await Promise.all([one!.send({ node: 1, id: "lost" }), two!.send({ node: 2, id: "none" })]);
  assert.deepEqual(
    answers.map(({ status }) => status),
    [502, 502],
  );

  const log = await lb.stop({ edge: 3, guard: 2 });
  const fates = Object.fromEntries(requestsOf(log).map(({ id, fate }) => [id, fate]));
  assert.equal(fates.none!.kind, "unconnected");
  const { lost } = fates;
  assert.ok(lost?.kind === "race" && lost.connection === up && lost.idleMs >= 100, JSON.stringify(lost));
  assertSaidAlike(log);
});

const idOf = (head: string): string => /^x-request-id: (.*)$/im.exec(head)![1]!;

const requestsOf = (log: LbLog): LoggedRequest[] => loggedRequests(log, { seenByApp: null, rttMs: RTT_MS });

/** What `up` and the ALB's log make of each failed request is what its fate says. @returns what `up` counted */
function assertSaidAlike(log: LbLog) {
  const requests = requestsOf(log);
  const failed = requests.filter(({ status }) => status === 502);
  const causes: string[] = [];
  const watch = createWatch(RTT_MS, ({ edge, cause }) => causes.push(`${edge.id} ${cause.kind}`));
  for (const line of [...log.edge, ...log.guard]) watch.read(JSON.stringify(line));
  watch.end();
  const words = { race: "race", unconnected: "down" } as Record<string, string>;
  assert.deepEqual(
    causes,
    failed.map(({ id, fate }) => `${id} ${words[fate.kind]}`),
  );

  const lines = albLog({ name: "test", target: "10.0.0.1:80", requests }).filter(
    ({ entry }) => entry.elb_status_code === "502",
  );
  for (const { fate, entry } of lines) {
    const form = fate === "race" ? / 10\.0\.0\.1:80 0\.\d{3} 0\.\d{3} -1 502 - / : / 10\.0\.0\.1:80 -1 -1 -1 502 - /;
    assert.match(formatAlbLine(entry), form);
  }
  return watch.traffic;
}
