import { startSettings } from "../../cli/start-options.ts";
import { duration } from "../../cli/values.ts";
import { noProbe } from "../../report/probe-part.ts";
import { called } from "../../run/called.ts";
import { runtimeVersions } from "../../stage/runtime.ts";
import type { Asked, Found } from "../result-command.ts";
import type { UpOptions } from "./options.ts";
import type { UpRun } from "./run.ts";

/** What the options alone determine. */
export const upAsked = ({ target, start, profile, lbIdleMs, rttMs, nodes, port }: UpOptions): Asked => ({
  command: "up",
  lb: { idleTimeoutMs: lbIdleMs, profile: profile.name, nodes },
  rttMs,
  settings: {
    url: target.origin,
    profile: profile.name,
    "lb-idle": duration(lbIdleMs),
    rtt: duration(rttMs),
    nodes,
    port,
    ...startSettings(start),
  },
});

/** What went through the LB, judged. Nobody aimed, so losing nothing proves nothing. */
export function upFound({ traffic, lbUrl, runtime }: UpRun, { target, lbIdleMs }: UpOptions, startedAt: Date): Found {
  const { failed, firstLost } = traffic;
  const verdict = failed.race > 0 ? "lost" : "inconclusive";
  const reasons =
    failed.race > 0
      ? [`${failed.race} of ${traffic.requests} requests were lost to the keep-alive race.`]
      : [`None of ${traffic.requests} requests was lost, but nobody aimed: ${called("check")} does.`];
  return {
    verdict,
    reasons,
    probe: noProbe("not asked for"),
    measuredRttMs: null,
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
    versions: runtimeVersions(runtime),
    settings: { lb: lbUrl, runtime: runtime.name },
  };
}
