import { DEFAULT_PROFILE, type LbProfile, loadProfile, profileNames } from "../advice/profile.ts";
import { UsageError } from "../run/exit.ts";
import { parseDurationMs } from "./values.ts";

/** As node:util's parseArgs takes them: which LB is in front of the user's own app. */
export const LB_OPTIONS = {
  profile: { type: "string", default: DEFAULT_PROFILE },
  "lb-idle": { type: "string" },
} as const;

/** A function, since it reads the names of the profiles. */
export const lbHelp = (): string => `  --profile NAME   which LB (default ${DEFAULT_PROFILE}; docs/profiles.md):
                   ${profileNames().join(", ")}
  --lb-idle TIME   the LB's idle timeout (default: the profile's, 60s for alb)`;

/** @throws UsageError naming the option, its value and what was expected */
export function lbOf(values: { profile: string; "lb-idle"?: string | undefined }): {
  profile: LbProfile;
  lbIdleMs: number;
} {
  const profile = loadProfile(values.profile);
  const lbIdle = values["lb-idle"];
  return { profile, lbIdleMs: lbIdle === undefined ? profile.idleTimeoutMs : parseLbIdleMs(lbIdle) };
}

/** An ALB takes 1-4000 s. @throws UsageError */
export const parseLbIdleMs = (text: string): number =>
  parseDurationMs("--lb-idle", text, { minMs: 1000, maxMs: 4_000_000, example: "60s" });

/** As node:util's parseArgs takes it: how far the target is from the LB. */
export const RTT_OPTION = { rtt: { type: "string", default: "2ms" } } as const;

export const RTT_HELP = "  --rtt TIME       round trip between LB and app, whole ms (default 2ms)";

/** @throws UsageError for fractions of a ms, too: the network's resolution is 1 ms */
export function parseRttMs(text: string): number {
  const rttMs = parseDurationMs("--rtt", text, { minMs: 0, maxMs: 1000, example: "2ms" });
  if (Number.isInteger(rttMs)) return rttMs;
  throw new UsageError(`--rtt is "${text}", expected whole milliseconds, the network's resolution; e.g. --rtt 2ms`);
}
