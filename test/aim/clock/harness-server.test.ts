import assert from "node:assert/strict";
import { connect } from "node:net";
import { type TestContext, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type HarnessServer, startHarnessServer } from "../../../src/aim/clock/harness-server.ts";
import type { Attempt } from "../../../src/record/attempt.ts";
import { attempt } from "./attempt.ts";

const ASKED = {
  request: { method: "POST", path: "/pay?by=card", headers: [["Authorization", "Bearer t"]], body: "{}" },
  okStatus: ["201"],
} as const;

async function harnessFor(t: TestContext, runs: string[], users: number): Promise<HarnessServer> {
  const harness = await startHarnessServer(runs, users, ASKED);
  t.after(() => harness.close());
  return harness;
}

const urlOf = (harness: HarnessServer): string => harness.urlOf({ listenOn: "127.0.0.1", seenAs: "127.0.0.1" });

async function ask(harness: HarnessServer, path: string, body?: string): Promise<{ status: number; text: string }> {
  const headers = { Authorization: `Bearer ${harness.token}` };
  const init = body === undefined ? { headers } : { headers, method: "POST", body };
  const response = await fetch(`${urlOf(harness)}/${path}`, init);
  return { status: response.status, text: await response.text() };
}

/** Looks until it is so: the harness says nothing when an attempt came in. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await nextTurn();
}

const json = async (harness: HarnessServer, path: string): Promise<unknown> =>
  JSON.parse((await ask(harness, path)).text);

/** Whether `promise` has settled by the time that a request to the harness has been there and back. */
async function isSettled(harness: HarnessServer, promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = () => {
    settled = true;
  };
  promise.then(settle, settle);
  await ask(harness, "attempt?run=before", "no attempt");
  await nextTurn();
  return settled;
}

test("Users start when the last one of every run is there, each with a time of its own.", async (t) => {
  const harness = await harnessFor(t, ["before", "after"], 2);
  const early = [
    json(harness, "start?run=before&user=0"),
    json(harness, "start?run=before&user=1"),
    json(harness, "start?run=after&user=0"),
  ];
  assert.equal(await isSettled(harness, harness.everyoneReady), false);
  const last = json(harness, "start?run=after&user=1");
  await harness.everyoneReady;
  assert.equal(await isSettled(harness, Promise.race([...early, last])), false, "not before start()");
  harness.start((run, user) => user * 10 + (run === "after" ? 5 : 0), null);
  assert.deepEqual(await Promise.all([...early, last]), [
    { warmInMs: 0, known: null },
    { warmInMs: 10, known: null },
    { warmInMs: 5, known: null },
    { warmInMs: 15, known: null },
  ]);
});

test("A user that asks for a window before it is known waits for it; one that asks later has it at once.", async (t) => {
  const harness = await harnessFor(t, ["before"], 1);
  const answer = { window: { fromMs: 5997, toMs: 5998 }, exchangeMs: 3.5, sweeps: true };
  const waiting = json(harness, "window?run=before&round=0");
  assert.equal(await isSettled(harness, waiting), false);
  harness.announce(0, answer);
  assert.deepEqual(await waiting, answer);
  assert.deepEqual(await json(harness, "window?run=before&round=0"), answer);
});

test("Each round has a window of its own.", async (t) => {
  const harness = await harnessFor(t, ["before"], 1);
  const [first, second] = [6000, 7000].map((ms) => ({
    window: { fromMs: ms, toMs: ms + 1 },
    exchangeMs: 3,
    sweeps: false,
  }));
  harness.announce(0, first!);
  const waiting = json(harness, "window?run=before&round=1");
  assert.equal(await isSettled(harness, waiting), false);
  harness.announce(1, second!);
  assert.deepEqual(await waiting, second);
  assert.deepEqual(await json(harness, "window?run=before&round=0"), first);
});

test("How long an exchange takes is known of each user that asked to start, run by run.", async (t) => {
  const harness = await harnessFor(t, ["before", "after"], 2);
  const asked = [
    json(harness, "start?run=before&user=0&exchangeMs=3.25"),
    json(harness, "start?run=after&user=0&exchangeMs=9"),
    json(harness, "start?run=before&user=1&exchangeMs=4"),
    json(harness, "start?run=after&user=1&exchangeMs=9"),
  ];
  await harness.everyoneReady;
  assert.deepEqual(harness.exchangesOf("before").sort(), [3.25, 4]);
  harness.start(() => 0, null);
  await Promise.all(asked);
});

test("A round is complete when all users of that run have reported, in whatever order.", async (t) => {
  const harness = await harnessFor(t, ["before", "after"], 2);
  const report = (run: string, changes: Partial<Attempt>) =>
    ask(harness, `attempt?run=${run}`, JSON.stringify(attempt(changes)));
  const round = harness.roundOf("before", 0);
  harness.decide(1, { done: true });
  const waiting = [report("before", { user: 1 })];
  await report("before", { user: 1, round: 1 });
  waiting.push(report("after", { user: 0 }));
  await until(() => harness.attemptsOf("after").length === 1);
  assert.equal(await isSettled(harness, round), false);
  waiting.push(report("before", { user: 0 }));
  assert.deepEqual(await round, [attempt({ user: 1 }), attempt({ user: 0 })]);
  assert.equal(harness.attemptsOf("before").length, 3);
  assert.deepEqual(harness.attemptsOf("after"), [attempt({ user: 0 })]);
  harness.decide(0, { done: false });
  await Promise.all(waiting);
});

test("Users go on when the round is decided, all at once, and a run is done when its users have reported the last one.", async (t) => {
  const harness = await harnessFor(t, ["before"], 2);
  const report = (changes: Partial<Attempt>) => ask(harness, "attempt?run=before", JSON.stringify(attempt(changes)));
  const both = [report({ user: 0 }), report({ user: 1 })];
  await harness.roundOf("before", 0);
  assert.equal(await isSettled(harness, Promise.race(both)), false, "not before it is decided");
  harness.decide(0, { done: false });
  assert.deepEqual(
    (await Promise.all(both)).map(({ text }) => text),
    ['{"done":false}', '{"done":false}'],
  );
  assert.equal(harness.isDone("before"), false);
  harness.decide(1, { done: true });
  assert.equal((await report({ user: 0, round: 1 })).text, '{"done":true}');
  assert.equal(harness.isDone("before"), false, "one of two");
  await report({ user: 1, round: 1 });
  assert.equal(harness.isDone("before"), true);
});

test("Every user is told what to send, headers included.", async (t) => {
  const harness = await harnessFor(t, ["before"], 1);
  assert.deepEqual(await json(harness, "request"), ASKED);
});

test("Who has not its token, or calls it by another name, gets 403 and nothing else, whatever is asked.", async (t) => {
  const harness = await harnessFor(t, ["before"], 1);
  const { port, host } = new URL(urlOf(harness));
  const known = `Bearer ${harness.token}`;
  const wrong: [authorization: string | null, host: string][] = [
    [null, host],
    ["Bearer ", host],
    ["Bearer undefined", host],
    [`Bearer ${harness.token.slice(1)}`, host],
    [`bearer ${harness.token}x`, host],
    [harness.token, host],
    [known, "127.0.0.1"],
    [known, `localhost:${port}`],
    [known, `attacker.example:${port}`],
    [known, `${host}.attacker.example`],
  ];
  for (const [authorization, name] of wrong) {
    for (const [method, path] of [
      ["GET", "/request"],
      ["POST", "/attempt?run=before"],
      ["GET", "/nothing"],
    ]) {
      const headers = [
        `Host: ${name}`,
        "Connection: close",
        ...(authorization ? [`Authorization: ${authorization}`] : []),
      ];
      const answer = await raw(Number(port), `${method} ${path} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`);
      assert.match(
        answer,
        /^HTTP\/1\.1 403 Forbidden\r\n[^{]*\r\n\r\n(0\r\n\r\n)?$/,
        `${authorization} ${name} ${path}`,
      );
    }
  }
  assert.deepEqual(harness.attemptsOf("before"), []);
});

test("Each harness has a token of its own.", async (t) => {
  const [one, other] = [await harnessFor(t, ["before"], 1), await harnessFor(t, ["before"], 1)];
  assert.match(one.token, /^[0-9a-f]{64}$/);
  assert.notEqual(one.token, other.token);
});

async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.end(bytes);
  return (await socket.setEncoding("latin1").toArray()).join("");
}

const bad: [says: string, run: string, body: string, about: RegExp][] = [
  ["that is no JSON", "before", "lost!", /JSON/],
  ["without a gap", "before", JSON.stringify({ ...attempt(), gapMs: undefined }), /gapMs/],
  ["with an outcome that nobody knows", "before", JSON.stringify({ ...attempt(), outcome: "vanished" }), /outcome/],
  ["of a run that nobody started", "later", JSON.stringify(attempt()), /./],
];

for (const [says, run, body, about] of bad) {
  test(`An attempt ${says} is answered with 400 and why, and is not kept.`, async (t) => {
    const harness = await harnessFor(t, ["before"], 1);
    const { status, text } = await ask(harness, `attempt?run=${run}`, body);
    assert.equal(status, 400);
    assert.match(text, about);
    assert.deepEqual(harness.attemptsOf("before"), []);
  });
}

test("close() ends at once, though users are still waiting.", async () => {
  const harness = await startHarnessServer(["before"], 2, ASKED);
  const waiting = ask(harness, "window?run=before&round=0");
  waiting.catch(() => {});
  assert.equal(await isSettled(harness, waiting), false);
  await harness.close();
  await assert.rejects(waiting);
});
