import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type HarnessServer, startHarnessServer } from "../../src/aim/harness-server.ts";
import type { Attempt } from "../../src/verdict/attempt.ts";

async function harnessFor(t: TestContext, runs: string[], users: number): Promise<HarnessServer> {
  const harness = await startHarnessServer(runs, users);
  t.after(() => harness.close());
  return harness;
}

async function ask({ url }: HarnessServer, path: string, body?: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}/${path}`, body === undefined ? {} : { method: "POST", body });
  return { status: response.status, text: await response.text() };
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

const attempt = (changes: Partial<Attempt> = {}): Attempt => ({
  round: 0,
  user: 0,
  node: "1",
  setGapMs: 5997.5,
  gapMs: 5997.6,
  inWindow: true,
  outcome: "lost",
  status: 502,
  atMs: 6100,
  requestId: "before-0-0",
  connection: null,
  ...changes,
});

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
  harness.start((run, user) => user * 10 + (run === "after" ? 5 : 0));
  assert.deepEqual(await Promise.all([...early, last]), [
    { warmInMs: 0 },
    { warmInMs: 10 },
    { warmInMs: 5 },
    { warmInMs: 15 },
  ]);
});

test("A user that asks for a window before it is known waits for it; one that asks later has it at once.", async (t) => {
  const harness = await harnessFor(t, ["before"], 1);
  const answer = { window: { fromMs: 5997, toMs: 5998 }, exchangeMs: 3.5 };
  const waiting = json(harness, "window?run=before&round=0");
  assert.equal(await isSettled(harness, waiting), false);
  harness.announce(0, answer);
  assert.deepEqual(await waiting, answer);
  assert.deepEqual(await json(harness, "window?run=before&round=0"), answer);
});

test("Each round has a window of its own.", async (t) => {
  const harness = await harnessFor(t, ["before"], 1);
  const [first, second] = [6000, 7000].map((ms) => ({ window: { fromMs: ms, toMs: ms + 1 }, exchangeMs: 3 }));
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
  harness.start(() => 0);
  await Promise.all(asked);
});

test("A round is complete when all users of that run have reported, in whatever order.", async (t) => {
  const harness = await harnessFor(t, ["before", "after"], 2);
  const report = (run: string, changes: Partial<Attempt>) =>
    ask(harness, `attempt?run=${run}`, JSON.stringify(attempt(changes)));
  const round = harness.roundOf("before", 0);
  await report("before", { user: 1 });
  await report("before", { user: 1, round: 1 });
  await report("after", { user: 0 });
  assert.equal(await isSettled(harness, round), false);
  assert.deepEqual(await report("before", { user: 0 }), { status: 200, text: "{}" });
  assert.deepEqual(await round, [attempt({ user: 1 }), attempt({ user: 0 })]);
  assert.equal(harness.attemptsOf("before").length, 3);
  assert.deepEqual(harness.attemptsOf("after"), [attempt({ user: 0 })]);
});

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
  const harness = await startHarnessServer(["before"], 2);
  const waiting = ask(harness, "window?run=before&round=0");
  waiting.catch(() => {});
  assert.equal(await isSettled(harness, waiting), false);
  await harness.close();
  await assert.rejects(waiting);
});
