/** What is fired at every stage. */
export interface AimSettings {
  /** k6 users = LB nodes = pooled connections, of each stage. */
  users: number;
  /** Aimed requests per user. */
  rounds: number;
  method: "GET" | "POST";
  /** One request straight to the first stage's target, and the round trip of its network, both as measured, ms. */
  directMs: number;
  rttMs: number;
  /** The longest to wait for the target's idle close, ms. */
  maxWaitMs: number;
  /** k6's path and the bundle of scenarios/aimed.ts. */
  k6: string;
  bundle: string;
}
