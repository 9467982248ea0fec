import type { Tally } from "./counts.ts";

/**
 * Whether the log holds errors only, as a grep leaves them. Then nobody knows how many requests there were, and no share
 * says anything. Where all failed in one way, the log may also be whole, and nothing have worked at that time.
 * - `yes`: by the names before its lines, by successes that a grep for a status finds, or since several causes are in it
 * - `maybe`: few, or far between
 * - `whole`: too many and too close for a race, which loses one now and then
 * - `no`: there are successes
 */
export type OnlyErrors = "yes" | "maybe" | "whole" | "no";

export function onlyErrors({ requests, causes, sample, grepped, firstMs, lastMs }: Tally): OnlyErrors {
  const counts = [...causes.values()].map(({ count }) => count);
  const failed = counts.reduce((sum, count) => sum + count, 0);
  // A grep for " 502 " also finds a success of 502 bytes.
  const found = grepped > 0 || (sample.looked > 0 && sample.greppable === sample.looked);
  if (failed < requests) return found && failed > requests * LEAST_SHARE ? "yes" : "no";
  if (failed === 0) return "no";
  if (grepped > 0 || Math.max(...counts) < failed * ONE_KIND) return "yes";
  return requests < MANY || (lastMs - firstMs) / requests > TRICKLE_MS ? "maybe" : "whole";
}

const LEAST_SHARE = 0.1;
const ONE_KIND = 0.9;
const MANY = 20;

/** Failures at this distance, lost to a race, are those of some 20 requests a second and more. */
const TRICKLE_MS = 10_000;
