/** What ordinary traffic may look like, for one user who keeps to one LB node. */
export const SHAPES = ["poisson", "period", "bursts", "day"] as const;
export type Shape = (typeof SHAPES)[number];

/** Times in ms. */
export interface Traffic {
  /**
   * poisson: independent of all before. period: a poller. bursts: some requests, one after the other, whenever the clock
   * reaches a multiple of a period: a cron job. day: poisson whose rate goes up and down as over a day.
   */
  shape: Shape;
  /** Between two requests, on average. */
  meanGapMs: number;
  /** period: up to so much earlier or later. bursts: up to so much after the clock's tick. */
  jitterMs: number;
  /** Requests of one burst. */
  burst: number;
  /** How long one day is: less than 24 h where it is compressed. */
  dayMs: number;
}

/** Tells the gap from one answer to the next request of one user, ms. */
export type NextGap = (nowMs: number) => number;

/** @param random from 0 up to 1, this user's own */
export function createArrivals(traffic: Traffic, random: () => number): NextGap {
  const { shape, meanGapMs, jitterMs, burst, dayMs } = traffic;
  const exponential = (meanMs: number) => -Math.log(1 - random()) * meanMs;
  if (shape === "poisson") return () => exponential(meanGapMs);
  if (shape === "period") return () => Math.max(0, meanGapMs + (2 * random() - 1) * jitterMs);
  if (shape === "day") return (nowMs) => exponential(meanGapMs / dayCurve(nowMs / dayMs));
  let sent = 0;
  const periodMs = burst * meanGapMs;
  return (nowMs) => {
    sent += 1;
    if (sent % burst !== 0) return WITHIN_BURST_MS;
    return (Math.floor(nowMs / periodMs) + 1) * periodMs - nowMs + random() * jitterMs;
  };
}

/** Between the requests of one burst. */
export const WITHIN_BURST_MS = 10;

/** The rate at a share of the day, as a multiple of the mean: 0.2 at its lowest, 1.8 at its highest. */
export const dayCurve = (share: number): number => 1 + 0.8 * Math.sin(2 * Math.PI * share);

/** A small generator of its own, since a run has to be repeatable: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
