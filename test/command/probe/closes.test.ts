import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fastLane } from "../../../scripts/parts-for-tests.ts";
import { resultSchema } from "../../../src/record/result.ts";
import { endedCleanly } from "../../nothing-left.ts";
import { startCommand } from "../../start-command.ts";
import { startKind } from "../kinds.ts";

interface Expected {
  says: string;
  kind: string;
  args?: string[];
  /** Exit code, verdict and probe.kind. */
  found: [code: number, verdict: string, kind: string];
  reason: RegExp;
}

const cases: Expected[] = [
  {
    says: "a 401 that announces its close, which says nothing of the 200s",
    kind: "closes-on-401",
    found: [3, "inconclusive", "announces-close"],
    reason: /^It answered 401 and announced the close .* --header .* --ok-status 401/,
  },
  {
    says: "the same with its login, whose connections are kept",
    kind: "closes-on-401",
    args: ["--header", "Authorization: Bearer x"],
    found: [0, "safe", "outlives"],
    reason: /^The target keeps idle connections longer/,
  },
  {
    says: "the same where the user says that 401 is a good answer",
    kind: "closes-on-401",
    args: ["--ok-status", "401"],
    found: [0, "safe", "announces-close"],
    reason: /announces that it closes each connection/,
  },
  {
    says: "a restart while its connections are being opened",
    kind: "restarts-after-3000",
    found: [3, "inconclusive", "restarted"],
    reason: /in one instant, .* a restart or reload of the target, not its idle timeout\. Probe again/,
  },
  {
    says: "a restart while they are idle",
    kind: "restarts-after-9000",
    found: [3, "inconclusive", "restarted"],
    reason: /in one instant/,
  },
  {
    says: "a limit on age",
    kind: "age",
    found: [1, "vulnerable", "closes-by-age"],
    reason: /closes each connection 6\.\d\d s after it was opened, however recently it was used/,
  },
  {
    says: "an unannounced limit on requests",
    kind: "limit",
    found: [1, "vulnerable", "closes-after-requests"],
    reason: /ends each connection after 20 requests and does not announce it/,
  },
  {
    says: "one that closes some and keeps the others",
    kind: "some",
    found: [1, "vulnerable", "closes-some"],
    reason: /closed \d of 10 idle connections after 1\.\d\d s .*kept the others/,
  },
  {
    says: "a header that contradicts the measurement",
    kind: "claims-5-s",
    found: [3, "inconclusive", "outlives"],
    reason: /^Its Keep-Alive header says 5 s, yet its connections were open after/,
  },
  {
    says: "a coarse clock beyond the LB's timeout, whose next tick may be before it",
    kind: "ticks",
    found: [1, "vulnerable", "tie"],
    reason: /a tie, .* looks only now and then/,
  },
];

describe("npm run probe tells apart from an idle close", { skip: fastLane, concurrency: 5, timeout: 300_000 }, () => {
  for (const { says, kind, args = [], found, reason } of cases) {
    it(`${says}: ${found[1]}.`, async (t) => {
      const url = await startKind(t, kind);
      const running = await startCommand(t, "probe", [url, "--lb-idle", "8s", "--json", ...args]);
      const { code, stdout, stderr } = await endedCleanly(running);
      const result = resultSchema.parse(JSON.parse(stdout || assert.fail(stderr)));
      assert.deepEqual([code, result.verdict, result.probe.kind], found, stderr);
      assert.match(result.reasons[0]!, reason);
      assert.doesNotMatch(result.probe.software ?? "", /./);
    });
  }
});
