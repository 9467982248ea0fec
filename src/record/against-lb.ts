/** The target's idle close held against the LB's idle timeout. */
export const AGAINST_LB = ["vulnerable", "tie", "closes-at-once", "outlives", "announces-close", "unknown"] as const;

export type AgainstLb = (typeof AGAINST_LB)[number];
