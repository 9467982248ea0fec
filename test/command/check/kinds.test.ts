// npm test: early, since its targets take their time to close
import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import { type Result, resultSchema } from "../../../src/record/result.ts";
import { needs } from "../../needs.ts";
import { endedCleanly } from "../../nothing-left.ts";
import { startCommand } from "../../start-command.ts";
import { startKind } from "../kinds.ts";

const { describe } = await needs("haproxy", "k6", "toxiproxy");

async function check(
  t: TestContext,
  kind: string,
  ...args: string[]
): Promise<{ code: number | null; result: Result }> {
  const running = await startCommand(t, "check", [await startKind(t, kind), "--json", ...args]);
  const { code, stdout, stderr } = await endedCleanly(running);
  return { code, result: resultSchema.parse(JSON.parse(stdout || assert.fail(stderr))) };
}

describe("npm run check", { concurrency: 2, timeout: 300_000 }, () => {
  it("says nothing of a target from a 401 that announces its close: exit 3, at once.", async (t) => {
    const { code, result } = await check(t, "closes-on-401");
    assert.deepEqual([code, result.verdict], [3, "inconclusive"]);
    assert.match(result.reasons[0]!, /^It answered 401 and announced the close .* --header/);
  });

  it("calls no loss to a restart one to the idle timeout: exit 3, check again.", async (t) => {
    const { code, result } = await check(t, "restarts-after-9000", "--lb-idle", "20s");
    assert.deepEqual([code, result.verdict, result.probe.kind], [3, "inconclusive", "restarted"]);
    assert.match(result.reasons[0]!, /in one instant, .* a restart or reload/);
  });

  it("says first, and at once, that the target went away in the middle: exit 3.", async (t) => {
    const { code, result } = await check(t, "ends-after-9000");
    assert.deepEqual([code, result.verdict], [3, "inconclusive"], result.reasons.join(" "));
    assert.match(result.reasons[0]!, /^The target went away in the middle of the run/);
    // Not when the LB's 60 s are over.
    assert.ok(result.durationMs < 40_000, `${result.durationMs} ms`);
  });

  it("counts a 408 that the target said unasked as a loss: exit 1.", async (t) => {
    const { code, result } = await check(t, "says-408");
    assert.deepEqual([code, result.verdict], [1, "lost"], result.reasons.join(" "));
  });

  for (const [kind, why] of [
    ["keeps-five", /of the others the target announced that it does not keep this connection/],
    ["max-four", /of the others the target took no further connection/],
  ] as const) {
    it(`finds the losses of a target that keeps few connections, and says so (${kind}): exit 1.`, async (t) => {
      const { code, result } = await check(t, kind);
      const [run] = result.runs;
      assert.deepEqual([code, result.verdict], [1, "lost"], result.reasons.join(" "));
      assert.ok(run!.lost >= 2 && run!.down === 0, `${run!.lost} of ${run!.attempts}`);
      assert.match(result.reasons.join(" "), why);
    });
  }

  it("finds an unannounced limit on requests, which no aimed request meets: vulnerable, exit 1.", async (t) => {
    const { code, result } = await check(t, "limit", "--lb-idle", "3s");
    assert.deepEqual([code, result.verdict, result.probe.kind], [1, "vulnerable", "closes-after-requests"]);
    assert.match(result.reasons[0]!, /after 20 requests and does not announce it/);
  });

  it("doubts a header that contradicts the measurement: exit 3.", async (t) => {
    const { code, result } = await check(t, "claims-5-s", "--lb-idle", "8s");
    assert.deepEqual([code, result.verdict], [3, "inconclusive"]);
    assert.match(result.reasons[0]!, /^Its Keep-Alive header says 5 s, yet/);
  });

  it("takes a coarse clock just beyond the LB's timeout for a tie: vulnerable, exit 1.", async (t) => {
    const { code, result } = await check(t, "ticks", "--lb-idle", "8s");
    assert.deepEqual([code, result.verdict, result.probe.kind], [1, "vulnerable", "tie"], result.reasons.join(" "));
  });
});
