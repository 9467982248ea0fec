import { advise } from "../../advice/advise.ts";
import { requestSettings } from "../../cli/app-request.ts";
import { duration } from "../../cli/values.ts";
import type { TargetProbe } from "../../probe/probe-target.ts";
import { probePart } from "../../report/probe-part.ts";
import { judgeProbe } from "../../verdict/judge-probe.ts";
import type { Asked, Found } from "../result-command.ts";
import type { ProbeOptions } from "./options.ts";
import { LB_RTT_MS } from "./run.ts";

/** What the options alone determine. */
export const probeAsked = ({
  url,
  request,
  profile,
  lbIdleMs,
  okStatus,
  maxWaitMs,
  connections,
  framework,
}: ProbeOptions): Asked => ({
  command: "probe",
  lb: { idleTimeoutMs: lbIdleMs, profile: profile.name, nodes: 0 },
  rttMs: LB_RTT_MS,
  settings: {
    url: url.origin,
    ...requestSettings(request),
    profile: profile.name,
    "lb-idle": duration(lbIdleMs),
    "ok-status": okStatus.length === 0 ? null : [...okStatus],
    "max-wait": maxWaitMs === null ? null : duration(maxWaitMs),
    connections,
    framework: framework?.id ?? null,
  },
});

/** What a probe saw, judged. */
export function probeFound(probed: TargetProbe, { profile, lbIdleMs, okStatus, framework }: ProbeOptions): Found {
  const seen = { ...probed, software: framework ?? probed.software };
  const { verdict, reasons } = judgeProbe(seen, { title: profile.title, idleMs: lbIdleMs }, okStatus);
  // The closes of a dying target tell nothing about its idle timeout.
  const kind = seen.alive ? seen.kind : "unknown";
  const { idleCloseMs, minMs, claimedMs } = seen.summary;
  const question = { software: seen.software, kind, lbIdleMs, idleCloseMs, minMs, claimedMs, profile };
  return {
    verdict,
    reasons,
    probe: probePart({ ...seen, kind }, lbIdleMs),
    advice: verdict === "vulnerable" ? advise(question) : null,
    measuredRttMs: null,
    runs: [],
  };
}
