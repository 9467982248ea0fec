import { countOf, grouped, type Place } from "./cells.ts";
import type { Tally } from "./counts.ts";
import { MINUTE_MS } from "./traffic.ts";

/** Failures of one target within a few minutes, ten times as many as at its other times. */
export interface Burst {
  target: string;
  places: Place[];
  /** Connections that could not be made, and those that the target closed. */
  refused: number;
  closed: number;
}

/** What a restart, a crash or an overload of one target does, and a race does not: it loses one now and then. */
export function burstsOf({ targets }: Pick<Tally, "targets">, places: readonly Place[]): Burst[] {
  const bursts: Burst[] = [];
  const byTarget = grouped(
    places.filter(({ kind }) => IN_BURSTS.has(kind)),
    ({ target }) => target,
  );
  for (const [name, { firstMs, lastMs, requests }] of targets.entries()) {
    const own = byTarget.get(name);
    if (own === undefined || name === "-") continue;
    const minutes = Math.floor((lastMs - firstMs) / MINUTE_MS) + 1;
    for (const run of runsOf(own)) {
      const count = countOf(run.places);
      const usual = ((countOf(own) - count) * run.minutes) / Math.max(1, minutes - run.minutes);
      const asked = (requests * run.minutes) / minutes;
      if (run.minutes > LONGEST || count < FEWEST || count < 10 * usual || count < asked * LEAST_SHARE) continue;
      const refused = countOf(run.places.filter(({ kind }) => kind === "connect"));
      bursts.push({ target: name, places: run.places, refused, closed: count - refused });
    }
  }
  return bursts;
}

const IN_BURSTS: ReadonlySet<string> = new Set(["race", "closed", "connect"]);

const LONGEST = 5;
const FEWEST = 5;

/** Of the target's usual requests in that time; a race has a few in a thousand. */
const LEAST_SHARE = 0.05;

/** Places in minutes that follow one another. */
function runsOf(places: readonly Place[]): { places: Place[]; minutes: number }[] {
  const runs: { places: Place[]; first: number; last: number }[] = [];
  for (const place of [...places].sort((a, b) => a.minute - b.minute)) {
    const run = runs.at(-1);
    if (run && place.minute - run.last <= 1) {
      run.places.push(place);
      run.last = place.minute;
    } else runs.push({ places: [place], first: place.minute, last: place.minute });
  }
  return runs.map(({ places: inRun, first, last }) => ({ places: inRun, minutes: last - first + 1 }));
}
