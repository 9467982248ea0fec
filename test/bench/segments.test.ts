import assert from "node:assert/strict";
import { createServer } from "node:http";
import { join } from "node:path";
import { it, type TestContext, test } from "node:test";
import { sameness, sideOf } from "../../bench/segments/side.ts";
import { edgeLine } from "../../src/evidence/edge-log.ts";
import { runToEnd } from "../../src/run/process.ts";
import { ROOT } from "../../src/run/root.ts";
import { needs } from "../needs.ts";

const { describe, parts } = await needs("k6");

test("Of the LB's log a side counts each named request once, and says which came twice.", () => {
  const lines = [
    ...[logged("organic-0-0", 200), logged("organic-0-1", 502), logged("organic-0-1", 502)],
    ...[logged("organic-1-0", 200), logged("open-1", 502)],
  ];
  assert.deepEqual(sideOf(lines, /^organic-\d+-\d+$/, 2), {
    processes: 2,
    ids: ["organic-0-0", "organic-0-1", "organic-1-0"],
    repeated: 1,
    lost: 1,
  });
});

test("Sides are the same when they sent the same requests, none twice, and lost about as many.", () => {
  const side = (lost: number, of = 100, repeated = 0) => ({
    ...{ processes: 1, repeated, lost },
    ids: Array.from({ length: of }, (_, i) => `organic-0-${i}`),
  });
  const alike = sameness(side(50), side(55));
  assert.deepEqual([alike.totals, alike.overlap], [true, true]);
  assert.ok(alike.p > 0.4);
  assert.equal(sameness(side(50), side(50, 99)).totals, false);
  assert.equal(sameness(side(50), side(50, 100, 1)).totals, false);
  const differ = sameness(side(50), side(20));
  assert.equal(differ.overlap, false);
  assert.ok(differ.p < 0.01);
});

describe("A test that is split among several k6 by execution segments", { concurrency: true }, () => {
  it("sends what one k6 sends: each user is in one process, with its own gaps and LB node.", async (t) => {
    const env = { USERS: "5", REQUESTS: "3", MEAN_GAP_MS: "100", SEED: "7" };
    const [one, two, three] = await Promise.all([1, 2, 3].map((n) => ran(t, n, "organic", env)));
    assert.equal(one!.sent.length, 15);
    assert.deepEqual(two, one);
    assert.deepEqual(three, one);
  });

  it("aims as often as one k6 does, and ends with 99 where the thresholds of any process are crossed.", async (t) => {
    const env = { USERS: "4", ROUNDS: "2", IDLE_CLOSE_MS: "300", RTT_MS: "40", SWEEP_MS: "0", EXPECT: "lost" };
    const two = await ran(t, 2, "aimed", env);
    assert.equal(two.code, 99, "nothing is lost here");
    const aimed = two.sent.filter((request) => /aimed-\d-\d$/.test(request));
    assert.deepEqual(aimed.map((request) => request.slice(-3)).sort(), [
      ...["0-0", "0-1", "0-2", "0-3", "1-0", "1-1", "1-2", "1-3"],
    ]);
  });
});

/** A scenario run without a build by so many k6, in front of a server that notes what comes: "LB node, request". */
async function ran(t: TestContext, processes: number, scenario: string, env: Record<string, string>) {
  const sent: string[] = [];
  const server = createServer(({ headers }, response) => {
    sent.push(`${headers["x-lb-node"]} ${headers["x-request-id"]}`);
    response.setHeader("X-Up", "1").end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  const variables = Object.entries({ ...env, TARGET_BASE_URL: `http://127.0.0.1:${port}` });
  const args = [
    join(ROOT, "bench/segments/several-k6.mjs"),
    ...[String(processes), parts.k6.path, "run", "--quiet", "--no-usage-report", "--include-system-env-vars=false"],
    ...variables.flatMap(([name, value]) => ["-e", `${name}=${value}`]),
    join(ROOT, "scenarios", `${scenario}.ts`),
  ];
  const { code } = await runToEnd(process.execPath, args, { signal: t.signal, env: process.env });
  return { code, sent: sent.sort() };
}

const logged = (id: string, status: number) =>
  edgeLine(
    JSON.stringify({
      ...{ log: "edge", atUs: 1, id, node: "1", method: "GET", path: "/", status },
      ...{ termination: "--", retries: "0", totalMs: 1, up: "-" },
    }),
  )!;
