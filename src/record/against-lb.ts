/** The target's closes held against the LB's idle timeout. */
export const AGAINST_LB = [
  "vulnerable",
  "tie",
  "closes-at-once",
  "closes-some",
  "closes-by-age",
  "closes-after-requests",
  "outlives",
  "announces-close",
  "restarted",
  "unknown",
] as const;

export type AgainstLb = (typeof AGAINST_LB)[number];
