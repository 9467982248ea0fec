import type { Bounded } from "./bounded.ts";
import { burstsOf } from "./bursts.ts";
import type { Kind } from "./cause.ts";
import { countOf, grouped, type Place, placesOf } from "./cells.ts";
import { addTally, type Counts, newCause, QUOTES, type Tally } from "./counts.ts";
import type { OnlyErrors } from "./only-errors.ts";
import { MINUTE_MS } from "./traffic.ts";

/** Failures whose group says that they have another cause than each line by itself. */
export interface Recast {
  kind: Kind;
  /** What was looked at: all requests, those of a target or a route, or a target's in some minutes. */
  group: "all" | "target" | "route" | "restart";
  /** Of the target or the route; null for all requests. */
  name: string | null;
  count: number;
  /** Requests of the group that had no other cause. */
  requests: number;
}

/**
 * A line can only look like a race. What a whole group of lines says against it is found here, once all have been read:
 * such failures are moved to another cause, in every count of the tally.
 * @returns what was moved, the largest first
 */
export function recast(tally: Tally, errorsOnly: OnlyErrors): Recast[] {
  const found = restarts(tally, placesOf(tally.cells));
  move(tally, found);
  if (errorsOnly === "no" || errorsOnly === "whole") {
    for (const find of [alwaysFailingTargets, alwaysFailingRoutes, alwaysFailing]) {
      const more = find(
        tally,
        placesOf(tally.cells).filter(({ kind }) => kind === "race"),
      );
      move(tally, more);
      found.push(...more);
    }
  }
  return found
    .map(({ places: moved, ...group }) => ({ ...group, count: countOf(moved) }))
    .sort((a, b) => b.count - a.count);
}

interface Found extends Omit<Recast, "count"> {
  places: Place[];
}

/** A target that refuses connections and closes others, all within minutes and not otherwise, was restarted. */
const restarts = (tally: Tally, places: readonly Place[]): Found[] =>
  burstsOf(tally, places)
    .filter(({ refused, closed }) => refused >= 2 && closed >= 2)
    .map(({ target, places: moved }) => ({
      kind: "deploy",
      group: "restart",
      name: target,
      places: moved,
      requests: countOf(moved),
    }));

/**
 * Only a connection that has carried an answered request can be idle, and an ALB opens none before it needs it. So a race
 * loses at most every second request of a target.
 */
function alwaysFailingTargets(tally: Tally, races: readonly Place[]): Found[] {
  const answered = new Map(tally.targets.entries().map(([name, target]) => [name, target.answered]));
  return [...grouped(races, ({ target }) => target)]
    .filter(([name, places]) => tooManyFor(countOf(places), answered.get(name)))
    .map(([name, places]) => ({
      kind: "bad-answer",
      group: "target",
      name,
      places,
      requests: countOf(places) + answered.get(name)!,
    }));
}

/**
 * An answer that the LB cannot read, or a crash. Only where few requests are for such routes: where many are, they fail
 * for a reason that the routes do not have in common.
 */
function alwaysFailingRoutes(tally: Tally, races: readonly Place[]): Found[] {
  const routes = new Map(tally.routes.entries());
  const found = [...grouped(races, ({ route }) => route)]
    .filter(([name]) => name !== "-" && routes.has(name))
    .map(([name, places]): Found => {
      const { requests, failed } = routes.get(name)!;
      return { kind: "bad-answer", group: "route", name, places, requests: requests - (failed["bad-answer"] ?? 0) };
    })
    .filter(({ places, requests }) => countOf(places) >= ENOUGH && countOf(places) >= requests * NEARLY_ALL);
  const inAll = found.reduce((sum, { requests }) => sum + requests, 0);
  return inAll <= tally.requests * FEW_ROUTES ? found : [];
}

/** As for one target; of many targets each may have too few requests to say so. */
function alwaysFailing(tally: Tally, races: readonly Place[]): Found[] {
  const answered = tally.targets.entries().reduce((sum, [, target]) => sum + target.answered, 0);
  const count = countOf(races);
  if (!tooManyFor(count, answered)) return [];
  return [{ kind: "bad-answer", group: "all", name: null, places: [...races], requests: count + answered }];
}

const ENOUGH = 10;
const NEARLY_ALL = 0.9;
const FEW_ROUTES = 0.2;

/** More than were answered, and not by chance or by connections from before the log. */
const tooManyFor = (count: number, answered: number | undefined): boolean =>
  answered !== undefined && count >= ENOUGH && count > answered + 2 * Math.sqrt(count);

function move(tally: Tally, found: readonly Found[]): void {
  const lists = [tally.targets, tally.routes, tally.hours].map(finder);
  const touched = new Set<Kind>();
  for (const { kind: to, places } of found) {
    for (const { kind: from, target, route, minute, cell } of places) {
      const names = [target, route, new Date(minute * MINUTE_MS).toISOString().slice(0, HOUR_LENGTH)];
      for (const [i, name] of names.entries()) moveCounts(lists[i]!(name), from, to, cell.count);
      addTally(causeOf(tally, from), cell, -1);
      addTally(causeOf(tally, to), cell);
      cell.recast = to;
      touched.add(from).add(to);
    }
  }
  for (const kind of touched) retell(tally, kind);
}

const HOUR_LENGTH = "2018-07-02T22".length;

/** Finds a list's counts by their name; null where a cell had no room for it. */
function finder(list: Bounded<Counts>): (name: string) => Counts | null {
  const byName = new Map(list.entries());
  return (name) => byName.get(name) ?? (name === "" ? null : list.others());
}

function moveCounts(counts: Counts | null, from: Kind, to: Kind, count: number): void {
  const had = counts?.failed[from];
  // What is missing here was counted under a name that was too long.
  if (counts === null || had === undefined) return;
  if (had > count) counts.failed[from] = had - count;
  else delete counts.failed[from];
  counts.failed[to] = (counts.failed[to] ?? 0) + Math.min(had, count);
}

function causeOf({ causes }: Tally, kind: Kind) {
  const cause = causes.get(kind) ?? newCause();
  causes.set(kind, cause);
  return cause;
}

/** Says of a cause anew what no sum says: when it began and ended, and its lines. */
function retell(tally: Tally, kind: Kind): void {
  const cause = causeOf(tally, kind);
  if (cause.count === 0) tally.causes.delete(kind);
  const cells = placesOf(tally.cells).filter((place) => place.kind === kind);
  cause.firstMs = cells.reduce((first, { cell }) => Math.min(first, cell.firstMs), Number.POSITIVE_INFINITY);
  cause.lastMs = cells.reduce((last, { cell }) => Math.max(last, cell.lastMs), Number.NEGATIVE_INFINITY);
  cause.quotes = cells.flatMap(({ cell }) => cell.quote ?? []).slice(0, QUOTES);
}
