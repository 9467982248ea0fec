import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import { aimAtClose, guarded } from "../../src/aim/close/aim-at-close.ts";
import { ROOT } from "../../src/run/root.ts";
import { SCENARIOS } from "../../src/stage/bundle.ts";
import { describe, folder, runFile } from "./k6.ts";
import { quietRun, stageFor, UNFIXED } from "./stage.ts";

// The folder alone, with nothing of src/ or node_modules beside it: what somebody copies into a repository of their own.
const copy = join(folder, "copied");
await cp(join(ROOT, "scenarios"), copy, { recursive: true });
const fileOf = (scenario: string) => join(copy, `${scenario}.ts`);

const IN_A_MOMENT: Record<string, Record<string, string>> = {
  steady: { DURATION: "1s" },
  organic: { USERS: "2", REQUESTS: "3", MEAN_GAP_MS: "200" },
  // At a moment far from any close, and a wide one: what is tried is that it runs, on a busy machine too.
  aimed: { USERS: "4", ROUNDS: "1", IDLE_CLOSE_MS: "300", RTT_MS: "40", SWEEP_MS: "0" },
  sweep: { USERS: "2", TIMES: "1", FROM_MS: "20", TO_MS: "21" },
};

describe("k6 run scenarios/NAME.ts, without a build, from a copy of the folder", { concurrency: true }, () => {
  it("runs each scenario that needs no harness to its end, and its thresholds hold.", async (t) => {
    const { lbUrl } = await stageFor(t, { name: "bare", target: UNFIXED, nodes: 20 });
    const ran = Object.entries(IN_A_MOMENT).map(async ([scenario, env]) => {
      const { code, stderr, count } = await runFile(fileOf(scenario), { TARGET_BASE_URL: lbUrl, ...env });
      assert.equal(code, 0, stderr);
      assert.ok(count("http_reqs") > 0);
    });
    await Promise.all(ran);
    assert.deepEqual([...Object.keys(IN_A_MOMENT), "at-close"].sort(), [...SCENARIOS].sort());
  });

  it("runs at-close, told by the harness.", async (t) => {
    const stage = await stageFor(t, { name: "at-close", target: UNFIXED, nodes: 2, relay: true });
    const { volleys } = await aimAtClose(
      quietRun(t),
      [guarded(stage)],
      {
        ...{ users: 2, rounds: 1, sweepers: 0, watchers: 0, lastReuseMs: null, rttMs: 2, dashboard: false },
        ...{ request: { method: "GET", path: "/", headers: [], body: null }, okStatus: ["200"] },
        ...{ maxWaitMs: 10_000, neverClosed: "it closes nothing", bundle: fileOf("at-close") },
      },
      { waiting() {}, measured() {}, fired() {} },
    );
    assert.equal(volleys[0]!.attempts.length, 2);
  });

  it("is refused without TARGET_BASE_URL by each, with the variable to add.", async () => {
    const refused = SCENARIOS.map(async (scenario) => {
      const { code, stderr, count } = await runFile(fileOf(scenario), {});
      assert.equal(code, 107);
      assert.match(stderr, /TARGET_BASE_URL is "", expected an http\(s\) URL; add -e TARGET_BASE_URL=http/);
      assert.equal(count("http_reqs"), 0);
    });
    await Promise.all(refused);
  });

  it("is refused by at-close without a harness, with what to run instead.", async () => {
    const { code, stderr } = await runFile(fileOf("at-close"), { TARGET_BASE_URL: "http://127.0.0.1:9" });
    assert.equal(code, 107);
    assert.match(stderr, /HARNESS_URL is missing: at-close needs the harness .* alb502 check .*; aimed runs alone/);
  });
});
