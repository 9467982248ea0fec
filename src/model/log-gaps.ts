import { meanInterval, poissonInterval } from "./poisson.ts";
import { windowOf } from "./predict.ts";

/** The requests of one pool, an LB node's connections to one target, in any order. Epoch ms. */
export interface PoolRequests {
  startMs: number[];
  endMs: number[];
}

export interface LogPrediction {
  requests: number;
  pools: number;
  /** From the first request to the last, ms. */
  spanMs: number;
  /** Gaps near the idle close, of which the density is taken, and how near: ms to both sides. */
  near: { gaps: number; reachMs: number };
  perDay: { expected: number; low: number; high: number };
}

/** What a log does not say. */
export interface LogSituation {
  idleCloseMs: number;
  rttMs: number;
}

/**
 * How many requests a day the traffic of a log would lose: the density of its idle gaps at the close, times the window.
 * One connection of each pool is taken to be in use, so that a gap is from the last answer to the next request.
 */
export function predictFromLog(pools: Iterable<PoolRequests>, { idleCloseMs, rttMs }: LogSituation): LogPrediction {
  const reachMs = idleCloseMs * REACH;
  const seen = { requests: 0, pools: 0, gaps: 0, fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY };
  for (const pool of pools) {
    seen.pools += 1;
    seen.requests += pool.startMs.length;
    seen.gaps += gapsOf(pool).filter((gapMs) => Math.abs(gapMs - idleCloseMs) <= reachMs).length;
    for (const ms of pool.startMs) seen.fromMs = Math.min(seen.fromMs, ms);
    for (const ms of pool.endMs) seen.toMs = Math.max(seen.toMs, ms);
  }
  const spanMs = Math.max(1, seen.toMs - seen.fromMs);
  const { fromMs, toMs } = windowOf(idleCloseMs, rttMs);
  // What one gap near the close stands for, a day.
  const each = ((toMs - fromMs) / (2 * reachMs)) * (DAY_MS / spanMs);
  const { low, high } = meanInterval(seen.gaps);
  return {
    ...{ requests: seen.requests, pools: seen.pools, spanMs, near: { gaps: seen.gaps, reachMs } },
    // Both uncertain: how dense the gaps are, and how many of a day's meet the window.
    perDay: {
      expected: seen.gaps * each,
      low: poissonInterval(low * each).low,
      high: poissonInterval(high * each).high,
    },
  };
}

/** A tenth of the idle close to each side: wide enough to hold gaps, narrow beside the shapes that traffic has. */
const REACH = 0.1;
const DAY_MS = 86_400_000;

/** From the latest answer so far to each request that began after it. */
function gapsOf({ startMs, endMs }: PoolRequests): number[] {
  const order = startMs.map((_, i) => i).sort((a, b) => startMs[a]! - startMs[b]!);
  const gaps: number[] = [];
  let idleSinceMs = Number.POSITIVE_INFINITY;
  for (const i of order) {
    if (startMs[i]! > idleSinceMs) gaps.push(startMs[i]! - idleSinceMs);
    idleSinceMs = Math.max(idleSinceMs === Number.POSITIVE_INFINITY ? 0 : idleSinceMs, endMs[i]!);
  }
  return gaps;
}
