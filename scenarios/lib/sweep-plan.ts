export interface SweepRange {
  fromMs: number;
  toMs: number;
  /** Distance between neighbouring gaps. */
  stepMs: number;
  /** How often each gap is tried. */
  times: number;
  users: number;
}

const gapsOf = ({ fromMs, toMs, stepMs }: SweepRange): number => Math.floor((toMs - fromMs) / stepMs + 1e-9) + 1;

/** How many rounds of all users it takes to try every gap `times` times. */
export const sweepRounds = (range: SweepRange): number => Math.ceil((gapsOf(range) * range.times) / range.users);

/**
 * The gap (ms) that a user tries in a round. Over the rounds every gap comes up equally often (the last round may begin
 * the range once more), and neighbouring gaps fall to users that fire one after the other.
 */
export function sweepGap(range: SweepRange, round: number, user: number): number {
  const turn = round * range.users + user;
  return range.fromMs + (turn % gapsOf(range)) * range.stepMs;
}
