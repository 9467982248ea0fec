import { duration } from "../../cli/values.ts";
import { RESULT_SCHEMA, type Result } from "../../record/result.ts";
import { noProbe } from "../../report/probe-part.ts";
import { runtimeVersions } from "../../stage/runtime.ts";
import type { UpOptions } from "./options.ts";
import type { UpRun } from "./run-up.ts";

/** Makes the result of what went through the LB. Nobody aimed, so that no loss is no proof. */
export function upResult(
  { traffic, lbUrl, runtime }: UpRun,
  options: UpOptions,
  startedAt: Date,
  version: string,
): Result {
  const { target, profile, lbIdleMs, rttMs, nodes, port } = options;
  const { failed, firstLost } = traffic;
  const verdict = failed.race > 0 ? "lost" : "inconclusive";
  const reasons =
    failed.race > 0
      ? [`${failed.race} of ${traffic.requests} requests were lost to the keep-alive race.`]
      : [`None of ${traffic.requests} requests was lost, but nobody aimed: npm run check does.`];
  return {
    schema: RESULT_SCHEMA,
    command: "up",
    verdict,
    reasons,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    probe: noProbe("not asked for"),
    lb: { idleTimeoutMs: lbIdleMs, profile: profile.name, nodes },
    network: { rttMs, measuredRttMs: null },
    runs: [
      {
        name: "up",
        expect: "clean",
        verdict,
        reasons,
        target: { description: "The target", keepAliveTimeoutMs: null, url: target.origin },
        lbIdleTimeoutMs: lbIdleMs,
        attempts: traffic.requests,
        inWindow: 0,
        lost: failed.race,
        lostInWindow: 0,
        own: traffic.reused,
        fresh: traffic.fresh,
        answered: 0,
        down: failed.down,
        retried: 0,
        missed: 0,
        errors: traffic.others + failed.closed + failed.slow + failed.unknown,
        firstLostMs: firstLost ? firstLost.atUs / 1000 - startedAt.getTime() : null,
        lossRate: null,
        window: [],
        samples: [],
      },
    ],
    comparison: null,
    versions: {
      alb502: version,
      node: process.versions.node,
      ...runtimeVersions(runtime),
    },
    settings: {
      url: target.origin,
      profile: profile.name,
      "lb-idle": duration(lbIdleMs),
      rtt: duration(rttMs),
      nodes,
      port,
      lb: lbUrl,
      runtime: runtime.name,
    },
  };
}
