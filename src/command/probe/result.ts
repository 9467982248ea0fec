import { advise } from "../../advice/advise.ts";
import { requestSettings } from "../../cli/app-request.ts";
import { startSettings } from "../../cli/start-options.ts";
import { duration } from "../../cli/values.ts";
import { probePart } from "../../report/probe-part.ts";
import { judgeProbe } from "../../verdict/judge-probe.ts";
import type { Asked, Found } from "../result-command.ts";
import { softwareOf } from "../started-app.ts";
import type { ProbeOptions } from "./options.ts";
import { LB_RTT_MS, type ProbeRun } from "./run.ts";

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
  start,
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
    ...startSettings(start),
  },
});

/** What a probe saw, judged. */
export function probeFound(probed: ProbeRun, { profile, lbIdleMs, okStatus, framework }: ProbeOptions): Found {
  const { declared, ...target } = probed;
  const { software, remarks } = softwareOf(target.software, { framework, declared });
  const seen = { ...target, software };
  const { verdict, reasons } = judgeProbe(seen, { title: profile.title, idleMs: lbIdleMs }, okStatus);
  // The closes of a dying target tell nothing about its idle timeout.
  const kind = seen.alive ? seen.kind : "unknown";
  const { idleCloseMs, minMs, claimedMs } = seen.summary;
  const question = { software: seen.software, kind, lbIdleMs, idleCloseMs, minMs, claimedMs, profile };
  return {
    verdict,
    reasons: [...reasons, ...remarks],
    probe: probePart({ ...seen, kind }, lbIdleMs),
    advice: verdict === "vulnerable" ? advise(question) : null,
    measuredRttMs: null,
    runs: [],
  };
}
