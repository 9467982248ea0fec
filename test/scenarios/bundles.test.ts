import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { SCENARIOS } from "../../src/stage/bundle.ts";
import { bundles, inspect, run, test } from "./k6.ts";

const TARGET_BASE_URL = "http://127.0.0.1:9";
const HARNESS_URL = "http://127.0.0.1:10";

for (const scenario of SCENARIOS) {
  const led = scenario === "at-close";
  test(`k6 loads the bundle of ${scenario}, which has its scenario's name${led ? "" : " and a threshold"}.`, async () => {
    const options = await inspect(scenario, led ? { TARGET_BASE_URL, HARNESS_URL } : { TARGET_BASE_URL });
    assert.deepEqual(Object.keys(options.scenarios as object), [scenario]);
    // What never runs without the harness is judged by the harness, by what it heard.
    assert.equal(Object.keys(options.thresholds ?? {}).length > 0, !led);
  });

  test(`The bundle of ${scenario} imports nothing but what is built into k6.`, async () => {
    const bundle = await readFile(bundles[scenario], "utf8");
    const imported = [...bundle.matchAll(/\b(?:from|import|require)\b\s*\(?\s*["']([^"']+)["']/g)].map(
      ([, name]) => name!,
    );
    assert.ok(imported.length > 0);
    for (const name of imported) assert.match(name, /^k6(\/(http|metrics|execution))?$/);
  });

  test(`${scenario} without TARGET_BASE_URL ends before any request, with k6's 107 and a line that says what to add.`, async () => {
    const { code, stderr, count } = await run(scenario, {});
    assert.equal(code, 107);
    assert.match(stderr, /TARGET_BASE_URL is "", expected an http\(s\) URL; add -e TARGET_BASE_URL=http/);
    assert.equal(count("http_reqs"), 0);
  });
}

test("The options given by -e are the ones that k6 runs with.", async () => {
  const env = { TARGET_BASE_URL, USERS: "7", ROUNDS: "3", EXPECT: "lost" };
  const { scenarios, thresholds } = await inspect("aimed", env);
  const { aimed } = scenarios as { aimed: Record<string, unknown> };
  assert.deepEqual([aimed.executor, aimed.vus, aimed.iterations], ["per-vu-iterations", 7, 3]);
  assert.deepEqual(thresholds, { lb_502: ["count>0"], lb_aimed_in_window: ["count>=1"], lb_failed: ["count==0"] });
});

test("steady is ordinary traffic: 20 users, 2 minutes, at most one request in a thousand failed.", async () => {
  const { scenarios, thresholds } = await inspect("steady", { TARGET_BASE_URL });
  const { steady } = scenarios as { steady: Record<string, unknown> };
  assert.deepEqual([steady.executor, steady.vus, steady.duration], ["constant-vus", 20, "2m0s"]);
  assert.deepEqual((thresholds as Record<string, unknown>).http_req_failed, ["rate<0.001"]);
});
