import type { AimSettings } from "../volley.ts";

/** What aiming by the clock takes besides. */
export interface ClockSettings extends AimSettings {
  /** The median time of one request straight to the first stage's target, ms. */
  directMs: number;
  /** How far users are apart, ms; 0 = all at once, for an LB whose pools nobody can choose. */
  spacingMs: number;
  /** What to do about a target that outlives its LB: aim at the LB's last reuse; null = give up, nothing can be aimed at. */
  lastReuse: LastReuse | null;
}

export interface LastReuse {
  lbIdleMs: number;
  /** Aimed requests per user. */
  rounds: number;
  /** Whether to aim at the LB's own idle timeout too, and at the target's close after it. */
  thorough: boolean;
}
