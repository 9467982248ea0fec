import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { aimAtClose, guarded } from "../../../src/aim/close/aim-at-close.ts";
import type { Run } from "../../../src/run/run.ts";
import { bundleScenarios, bundleTargetApp } from "../../../src/stage/bundle.ts";
import { startStage } from "../../../src/stage/native/start-stage.ts";
import type { TargetEnvironment } from "../../../src/stage/target-environment.ts";
import { needs } from "../../needs.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { FIXED, UNFIXED } from "../../scenarios/stage.ts";

const { test, parts } = await needs("haproxy", "k6", "toxiproxy");

test("Three rounds of 1.2 s are not given up where one close is waited for no longer than 2.5 s.", async (t) => {
  const { attempts } = await aimed(t, UNFIXED, { rounds: 3, maxWaitMs: 2500 });
  assert.deepEqual(attempts.map(({ round, user }) => `${round}/${user}`).sort(), [
    ...["0/0", "0/1", "1/0", "1/1", "2/0", "2/1"],
  ]);
});

test("A target that closes nothing is given up after the longest wait for one close.", async (t) => {
  await assert.rejects(aimed(t, FIXED, { rounds: 3, maxWaitMs: 1000 }), {
    name: "InconclusiveError",
    message: "it closes nothing after 1 s",
  });
});

async function aimed(t: TestContext, environment: TargetEnvironment, how: { rounds: number; maxWaitMs: number }) {
  const folder = await scratchFolder(t);
  const progress: Run["progress"] = { line() {}, transient() {}, paint: (_style, text) => text };
  const run: Run = { signal: t.signal, progress, folder, defer: (undo) => t.after(undo) };
  const stage = await startStage(run, parts, {
    name: "aimed",
    target: { bundle: await bundleTargetApp(folder), environment },
    lb: { idleTimeoutMs: 60_000, nodes: 2 },
    rttMs: 2,
    port: null,
    relay: true,
  });
  const settings = {
    ...{ users: 2, sweepers: 0, watchers: 0, lastReuseMs: null, rttMs: 2, dashboard: false, ...how },
    request: { method: "GET", path: "/", headers: [], body: null },
    okStatus: ["200"],
    nothingHeard: "it closes nothing",
    bundle: (await bundleScenarios(folder))["at-close"],
  };
  const listener = { waiting() {}, measured() {}, fired() {} };
  return (await aimAtClose(run, [guarded(stage)], settings, listener)).volleys[0]!;
}
