import type { AppRequest } from "../record/request.ts";

/** What is fired at every stage. */
export interface AimSettings {
  /** k6 users = LB nodes = pooled connections, of each stage. */
  users: number;
  /** Aimed requests per user. */
  rounds: number;
  request: AppRequest;
  /** "200", "2xx": what the target answers with when all is well. */
  okStatus: readonly string[];
  /** One request straight to the first stage's target, and the round trip of its network, both as measured, ms. */
  directMs: number;
  rttMs: number;
  /** The longest to wait for the target's idle close, ms. */
  maxWaitMs: number;
  /** How far users are apart, ms; 0 = all at once, where nobody can choose the LB's pools. */
  spacingMs: number;
  /**
   * What to do about a target that does not close before its LB: null = give up, there is nothing to aim at; else the
   * LB's idle timeout, to aim at the last moment in which the LB reuses a connection.
   */
  otherwise: { lbIdleMs: number; rounds: number; thorough: boolean } | null;
  /** Of scenarios/aimed.ts. */
  bundle: string;
  /** Whether each k6 leaves its web dashboard where its stage says. */
  dashboard: boolean;
}
