import { countOf, grouped, placesOf } from "./cells.ts";
import type { Tally } from "./counts.ts";
import { shownName } from "./show.ts";

/**
 * What a race takes of ordinary traffic. On a connection whose requests come at random, at L a second, a request meets the
 * close of a target that waits T seconds with a chance of L w e^(-L T), where w is how long the close takes to be noticed.
 * That is largest at L = 1/T: w / (e T), whatever the traffic. Half a percent leaves room for a target that waits only
 * 1 s and a window of 10 ms, or 5 s and 50 ms, as where its event loop blocks.
 */
export const MOST_OF_ORDINARY = 0.005;

/** More is a client that asks at a fixed period close to T, and a process that blocks; or no race. */
export const MOST_OF_UNUSUAL = 0.02;

/** The group of requests that lost the largest share. */
export interface Rate {
  share: number;
  /** What the share is at least, chance left out. */
  atLeast: number;
  group: "all" | "target" | "route";
  name: string | null;
  /** How far apart its requests are on average. */
  everyMs: number;
}

/** The share of races among all requests to targets, or of one target or route where it is larger. */
export function largestRate(tally: Tally): Rate {
  const races = placesOf(tally.cells).filter(({ kind }) => kind === "race");
  const spanMs = tally.lastMs - tally.firstMs;
  const rate = (group: Rate["group"], name: string | null, count: number, requests: number): Rate => ({
    share: count / requests,
    atLeast: Math.max(0, count - 2 * Math.sqrt(count)) / requests,
    group,
    name: name === null ? null : shownName(name),
    everyMs: spanMs / requests,
  });
  const ratesBy = (group: "target" | "route") => {
    const requestsOf = new Map(tally[`${group}s`].entries().map(([name, { requests }]) => [name, requests]));
    return [...grouped(races, (place) => place[group])]
      .filter(([name, places]) => requestsOf.has(name) && name !== "-" && countOf(places) >= FEWEST)
      .map(([name, places]) => rate(group, name, countOf(places), requestsOf.get(name)!));
  };
  const toTargets = tally.targets.entries().filter(([name]) => name !== "-");
  const requests = toTargets.reduce((sum, [, target]) => sum + target.requests, tally.targets.others()?.requests ?? 0);
  const all = rate("all", null, countOf(races), Math.max(1, requests));
  if (all.atLeast > MOST_OF_UNUSUAL) return all;
  return [...ratesBy("target"), ...ratesBy("route")].reduce(
    (worst, one) => (one.atLeast > 1.5 * worst.atLeast ? one : worst),
    all,
  );
}

/** Losses of one target or route: fewer are chance. */
const FEWEST = 10;
