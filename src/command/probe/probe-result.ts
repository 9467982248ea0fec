import { advise } from "../../advice/advise.ts";
import { requestSettings } from "../../cli/app-request.ts";
import { duration } from "../../cli/values.ts";
import type { TargetProbe } from "../../probe/probe-target.ts";
import { RESULT_SCHEMA, type Result } from "../../record/result.ts";
import { probePart } from "../../report/probe-part.ts";
import { exitCodeOf } from "../../verdict/exit-code.ts";
import { judgeProbe } from "../../verdict/judge-probe.ts";
import type { ProbeOptions } from "./options.ts";
import { LB_RTT_MS } from "./run-probe.ts";

/** Makes the result of what a probe saw. */
export function probeResult(seen: TargetProbe, options: ProbeOptions, startedAt: Date, version: string): Result {
  const { profile, lbIdleMs, request } = options;
  const { verdict, reasons } = judgeProbe(seen, { title: profile.title, idleMs: lbIdleMs });
  // What a dying target closes tells nothing about its idle timeout.
  const kind = seen.alive ? seen.kind : "unknown";
  const { idleCloseMs } = seen.summary;
  return {
    schema: RESULT_SCHEMA,
    command: "probe",
    verdict,
    reasons,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    probe: probePart({ ...seen, kind }, lbIdleMs),
    advice: verdict === "vulnerable" ? advise({ software: seen.software, kind, lbIdleMs, idleCloseMs, profile }) : null,
    lb: { idleTimeoutMs: lbIdleMs, profile: profile.name, nodes: 0 },
    network: { rttMs: LB_RTT_MS, measuredRttMs: null },
    runs: [],
    comparison: null,
    versions: { alb502: version, node: process.versions.node },
    settings: {
      url: options.url.origin,
      ...requestSettings(request),
      profile: profile.name,
      "lb-idle": duration(lbIdleMs),
      "max-wait": options.maxWaitMs === null ? null : duration(options.maxWaitMs),
      connections: options.connections,
    },
  };
}

/** A probe asks whether the target is safe behind its LB. */
export const probeExitCode = ({ verdict }: Result): number => exitCodeOf(verdict, "safe");
