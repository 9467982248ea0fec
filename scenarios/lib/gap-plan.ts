import type { Window } from "./window.ts";

/**
 * The idle gap (ms) of one user in one round. In the first round a quarter of the users sweep `sweepMs` to both sides of the window,
 * to find its edges; in later rounds every tenth; none where `sweepMs` is 0. The others aim inside it, spread evenly
 * about its middle.
 * @param user 0-based; neighbours get gaps that lie apart, so that a moment's noise does not hit one gap only
 */
export function planGap(plan: { window: Window; round: number; user: number; users: number; sweepMs: number }): number {
  const { window, user, users } = plan;
  const sweepsToo = (one: number) => plan.sweepMs > 0 && isSweep(one, plan.round);
  const sweeps = sweepsToo(user);
  const among = Array.from({ length: users }, (_, other) => other).filter((o) => sweepsToo(o) === sweeps);
  const share = spread(among.indexOf(user), among.length);
  return Math.max(0, sweeps ? outside(window, share, plan.sweepMs) : inside(window, share));
}

// The very first users aim.
const isSweep = (user: number, round: number): boolean => (round === 0 ? user % 4 === 3 : user % 10 === 9);

// The index-th of `count` evenly spread values between 0 and 1, in an order that jumps about (golden ratio).
function spread(index: number, count: number): number {
  const order = Array.from({ length: count }, (_, i) => (i * 0.618034) % 1);
  const rank = order.filter((value) => value < (order[index] as number)).length;
  return count === 1 ? 0.5 : rank / (count - 1);
}

const inside = ({ fromMs, toMs }: Window, share: number): number => fromMs + (toMs - fromMs) * (0.3 + 0.4 * share);

function outside({ fromMs, toMs }: Window, share: number, sweepMs: number): number {
  const offsetMs = (share * 2 - 1) * sweepMs;
  return offsetMs < 0 ? fromMs + offsetMs : toMs + offsetMs;
}
