import { DEFAULT_PROFILE, type LbProfile, loadProfile, profileNames } from "../advice/profile.ts";
import { UsageError } from "../run/exit.ts";
import { parseDurationMs } from "./values.ts";

/** As node:util's parseArgs takes them: which LB is in front of somebody's own app. */
export const LB_OPTIONS = {
  profile: { type: "string", default: DEFAULT_PROFILE },
  "lb-idle": { type: "string" },
} as const;

/** A function, since it reads the names of the profiles. */
export const lbHelp = (): string => `  --profile NAME   which LB (default ${DEFAULT_PROFILE}; docs/profiles.md):
${profileLines()}
  --lb-idle TIME   the LB's idle timeout (default: the profile's, 60s for alb)`;

/** The names of the profiles, in lines that a terminal of 120 columns does not break. */
function profileLines(): string {
  const lines: string[] = [];
  for (const name of profileNames()) {
    const longer = `${lines.at(-1) ?? ""}, ${name}`;
    if (lines.length > 0 && longer.length <= 100) lines[lines.length - 1] = longer;
    else lines.push(name);
  }
  return lines.map((line) => `                   ${line}`).join(",\n");
}

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

/** @throws UsageError for fractions of a ms, too: the network's grain is one */
export function parseRttMs(text: string): number {
  const rttMs = parseDurationMs("--rtt", text, { minMs: 0, maxMs: 1000, example: "2ms" });
  if (Number.isInteger(rttMs)) return rttMs;
  throw new UsageError(`--rtt is "${text}", expected whole milliseconds, the network's grain; e.g. --rtt 2ms`);
}
