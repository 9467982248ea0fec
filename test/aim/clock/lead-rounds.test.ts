// npm test: quiet, since it has closes and decisions within 100 ms
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { AttemptAnswer, WindowAnswer } from "../../../scenarios/lib/harness-protocol.ts";
import { windowFromCloses, windowFromTrials } from "../../../scenarios/lib/window.ts";
import { type HarnessServer, startHarnessServer } from "../../../src/aim/clock/harness-server.ts";
import { leadRounds } from "../../../src/aim/clock/lead-rounds.ts";
import { planWithoutIdling } from "../../../src/aim/clock/plan.ts";
import type { ClockSettings } from "../../../src/aim/clock/settings.ts";
import type { AimListener } from "../../../src/aim/volley.ts";
import { type Probe, startProbe } from "../../../src/probe/probe.ts";
import type { Attempt } from "../../../src/record/attempt.ts";
import { InconclusiveError } from "../../../src/run/exit.ts";
import { answerThenEnd, OK, rawServer } from "../../probe/raw-server.ts";
import { attempt } from "./attempt.ts";

const SETTINGS: ClockSettings = {
  users: 2,
  rounds: 2,
  request: { method: "GET", path: "/", headers: [], body: null },
  okStatus: ["200"],
  directMs: 0.5,
  rttMs: 2,
  maxWaitMs: 1000,
  neverClosed: "the target still kept its connections",
  spacingMs: 40,
  lastReuse: null,
  bundle: "",
  dashboard: false,
};
const EXCHANGE_MS = 4;
const exchange = { throughLbMs: EXCHANGE_MS, directMs: SETTINGS.directMs, rttMs: SETTINGS.rttMs };

const closesAfter = (idleMs: number) => (socket: Parameters<typeof answerThenEnd>[0]) => answerThenEnd(socket, idleMs);

interface Scene {
  harness: HarnessServer;
  probe: Probe;
  leader: Parameters<typeof leadRounds>[1];
  listener: AimListener;
  /** What the listener was told. */
  told: unknown[][];
}

/** A harness for two stages, and a probe whose connections to the first one's target are idle. */
async function sceneFor(t: TestContext, serve: Parameters<typeof rawServer>[1]): Promise<Scene> {
  const asked = { request: SETTINGS.request, okStatus: SETTINGS.okStatus };
  const harness = await startHarnessServer(["before", "after"], SETTINGS.users, asked);
  t.after(() => harness.close());
  const probe = startProbe(await rawServer(t, serve), 10);
  t.after(() => probe.stop());
  await probe.idle;
  const leader = { name: "before", probe, idleSinceMs: performance.now(), exchangeMs: EXCHANGE_MS };
  const told: unknown[][] = [];
  const listener: AimListener = {
    waiting: (round, expectedMs) => void told.push(["waiting", round, expectedMs]),
    measured: (closesMs) => void told.push(["measured", closesMs]),
    fired: (round, attempts, how) => void told.push(["fired", round, attempts.length, how]),
  };
  return { harness, probe, leader, listener, told };
}

type Saw = (round: number, user: number, window: WindowAnswer["window"]) => Partial<Attempt>;

/** All users of both stages, as k6 has them. @returns what each was told of its rounds, run by run and user by user */
function play(harness: HarnessServer, saw: Saw): Promise<WindowAnswer[][]> {
  const url = harness.urlOf({ listenOn: "127.0.0.1", seenAs: "127.0.0.1" });
  const headers = { Authorization: `Bearer ${harness.token}` };
  const ask = async (path: string, said?: Attempt) =>
    (await fetch(`${url}/${path}`, { headers, ...(said && { method: "POST", body: JSON.stringify(said) }) })).json();
  const one = async (run: string, user: number): Promise<WindowAnswer[]> => {
    const windows: WindowAnswer[] = [];
    for (let round = 0; ; round++) {
      const known = (await ask(`window?run=${run}&round=${round}`)) as WindowAnswer;
      windows.push(known);
      const seen = attempt({ round, user, ...saw(round, user, known.window) });
      if (((await ask(`attempt?run=${run}`, seen)) as AttemptAnswer).done) return windows;
    }
  };
  return Promise.all(["before", "after"].flatMap((run) => [0, 1].map((user) => one(run, user))));
}

test("Users of all stages get the window that the first stage's probe tells, then the one that its attempts tell.", async (t) => {
  const { harness, leader, listener, told, probe } = await sceneFor(t, closesAfter(80));
  // Lost a bit later than foretold, answered before.
  const trials = (fromMs: number) => [
    { gapMs: fromMs + 2, outcome: "lost" as const },
    { gapMs: fromMs + 0.5, outcome: "own" as const },
  ];
  const playing = play(harness, (_round, user, { fromMs }) => trials(fromMs)[user]!);
  const windows = await leadRounds(harness, leader, SETTINGS, listener, null);

  const closesMs = await probe.closesMs;
  const first = windowFromCloses(closesMs, exchange);
  const second = windowFromTrials(trials(first.fromMs), SETTINGS.rttMs)!;
  assert.ok(second.fromMs > first.fromMs);
  assert.deepEqual(windows, [
    { ...first, kind: "close", source: "probe" },
    { ...second, kind: "close", source: "rounds up to 1" },
  ]);
  const known = [first, second].map((window) => ({ window, exchangeMs: EXCHANGE_MS, sweeps: true }));
  assert.deepEqual(await playing, [known, known, known, known]);
  assert.deepEqual(told, [
    ["waiting", 0, null],
    ["measured", closesMs],
    ["fired", 0, 2, "probe"],
    ["waiting", 1, second.toMs],
    ["fired", 1, 2, "rounds up to 1"],
  ]);
});

test("Users that all ask at once look beside the close, until something is lost.", async (t) => {
  const { harness, leader, listener, probe } = await sceneFor(t, closesAfter(80));
  const playing = play(harness, (round) => ({ outcome: round === 1 ? "lost" : "answered" }));
  const windows = await leadRounds(harness, leader, { ...SETTINGS, spacingMs: 0, rounds: 3 }, listener, null);
  const { fromMs } = windowFromCloses(await probe.closesMs, exchange);
  assert.deepEqual(
    windows.map((window) => window.fromMs),
    [fromMs - 5, fromMs - 2, fromMs - 2],
  );
  assert.ok(
    (await playing).flat().every(({ sweeps }) => !sweeps),
    "its edges are set",
  );
});

test("A target that outlives the LB is aimed at the LB's last reuse, decided 400 ms before the LB's idle timeout.", async (t) => {
  const { harness, leader, listener, told } = await sceneFor(t, (socket) => socket.write(`${OK}\r\nok`));
  const playing = play(harness, () => ({ outcome: "own" }));
  const lastReuse = { lbIdleMs: 600, rounds: 1, thorough: false };
  const windows = await leadRounds(harness, leader, { ...SETTINGS, lastReuse }, listener, null);
  const decidedMs = performance.now() - leader.idleSinceMs;
  assert.ok(decidedMs > 195, `${decidedMs} ms`);
  await playing;
  assert.deepEqual(
    windows.map(({ fromMs, toMs, kind }) => [fromMs, toMs, kind]),
    [[300, 500, "last-reuse"]],
  );
  assert.deepEqual(told.slice(0, 2), [
    ["waiting", 0, null],
    ["measured", null],
  ]);
});

test("A target that closes before the LB is aimed at its close, also where the last reuse would be.", async (t) => {
  const { harness, leader, listener } = await sceneFor(t, closesAfter(80));
  const playing = play(harness, () => ({ outcome: "own" }));
  const lastReuse = { lbIdleMs: 1000, rounds: 1, thorough: false };
  const windows = await leadRounds(harness, leader, { ...SETTINGS, lastReuse }, listener, null);
  await playing;
  assert.deepEqual(
    windows.map(({ kind }) => kind),
    ["close", "close"],
  );
});

const GIVES_UP: [says: string, lastReuse: ClockSettings["lastReuse"]][] = [
  ["there is no last reuse to aim at", null],
  ["the LB's idle timeout is beyond the longest wait", { lbIdleMs: 1000, rounds: 1, thorough: false }],
];

for (const [says, lastReuse] of GIVES_UP) {
  test(`A target that keeps its connections is given up when ${says}.`, async (t) => {
    const { harness, leader, listener } = await sceneFor(t, (socket) => socket.write(`${OK}\r\nok`));
    await assert.rejects(
      leadRounds(harness, leader, { ...SETTINGS, maxWaitMs: 100, lastReuse }, listener, null),
      new InconclusiveError("the target still kept its connections after 0.1 s"),
    );
  });
}

test("Where the plan is known beforehand nobody is told to wait, and nothing is measured.", async (t) => {
  const { harness, leader, listener, told, probe } = await sceneFor(t, (socket) => answerThenEnd(socket, 0));
  const plan = await planWithoutIdling(probe, SETTINGS.rttMs, 1);
  const playing = play(harness, () => ({ outcome: "lost" }));
  const windows = await leadRounds(harness, leader, SETTINGS, listener, plan);
  await playing;
  assert.deepEqual(windows, [plan!.first]);
  assert.deepEqual(told, [["fired", 0, 2, "the target closes after each answer"]]);
});
