import type { Bounded } from "./bounded.ts";
import type { Kind } from "./cause.ts";
import {
  addTally,
  type CauseTally,
  type Cell,
  type Counts,
  type Failure,
  newCause,
  type Tally,
  type TargetTally,
} from "./counts.ts";

/** What one reader read, as plain data: a thread that reads some of the files sends it to the one that concludes. */
export interface Part extends Omit<Tally, "targets" | "hours" | "routes" | "cells" | "traffic"> {
  cells: Listed<Cell>;
  targets: Listed<TargetTally>;
  hours: Listed<Counts>;
  routes: Listed<Counts>;
  minutes: ReadonlyMap<number, number>;
}

interface Listed<T> {
  entries: [string, T][];
  others: T | null;
}

export function partOf({ targets, hours, routes, cells, traffic, ...rest }: Tally): Part {
  return {
    ...rest,
    targets: listed(targets),
    hours: listed(hours),
    routes: listed(routes),
    cells: listed(cells),
    minutes: traffic.minutes(),
  };
}

const listed = <T>(bounded: Bounded<T>): Listed<T> => ({ entries: bounded.entries(), others: bounded.others() });

/**
 * Adds a part to a tally. It does not matter who read it, only in which order parts are added.
 * @param quotes how many lines are shown of each kind
 * @returns the failures that are still to be judged by the end of their target
 */
export function addPart(tally: Tally, part: Part, quotes: number): { target: TargetTally; failures: Failure[] }[] {
  tally.lines += part.lines;
  tally.requests += part.requests;
  tally.malformed += part.malformed;
  tally.malformedErrors += part.malformedErrors;
  tally.cutOff += part.cutOff;
  tally.grepped += part.grepped;
  tally.leftOut += part.leftOut;
  tally.sample.looked += part.sample.looked;
  tally.sample.greppable += part.sample.greppable;
  for (const [name, lines] of part.otherLogs) tally.otherLogs.set(name, (tally.otherLogs.get(name) ?? 0) + lines);
  tally.malformedQuotes = [...tally.malformedQuotes, ...part.malformedQuotes].slice(0, quotes);
  tally.firstMs = Math.min(tally.firstMs, part.firstMs);
  tally.lastMs = Math.max(tally.lastMs, part.lastMs);
  for (const [kind, cause] of part.causes) addCause(tally.causes, kind, cause, quotes);
  addCells(tally.cells, part.cells);
  for (const [minute, requests] of part.minutes) tally.traffic.countMinute(minute, requests);

  const into = new Map<Counts, Counts>();
  for (const name of ["targets", "hours", "routes"] as const) addListed<Counts>(tally[name], part[name], into);
  const waiting: { target: TargetTally; failures: Failure[] }[] = [];
  for (const [, from] of part.targets.entries) {
    const target = into.get(from) as TargetTally;
    addTarget(target, from);
    if (from.pending.length === 0) continue;
    const failures = from.pending.map((failure) => ({
      ...failure,
      counts: failure.counts.map((counts) => into.get(counts)!),
    }));
    waiting.push({ target, failures });
  }
  if (part.targets.others !== null) addTarget(tally.targets.rest(), part.targets.others);
  return waiting;
}

function addListed<T extends Counts>(to: Bounded<T>, { entries, others }: Listed<T>, into: Map<Counts, Counts>) {
  const add = (counts: T, sum: T) => {
    into.set(counts, sum);
    sum.requests += counts.requests;
    for (const [kind, count] of Object.entries(counts.failed) as [Kind, number][])
      sum.failed[kind] = (sum.failed[kind] ?? 0) + count;
  };
  for (const [key, counts] of entries) add(counts, to.get(key));
  if (others !== null) add(others, to.rest());
}

function addTarget(to: TargetTally, from: TargetTally) {
  to.answered += from.answered;
  to.firstMs = Math.min(to.firstMs, from.firstMs);
  to.lastMs = Math.max(to.lastMs, from.lastMs);
  to.failedBefore += from.failedBefore;
}

function addCause(causes: Map<Kind, CauseTally>, kind: Kind, from: CauseTally, quotes: number) {
  const to = causes.get(kind) ?? newCause();
  causes.set(kind, to);
  addTally(to, from);
  to.quotes = [...to.quotes, ...from.quotes].slice(0, quotes);
}

function addCells(to: Bounded<Cell>, { entries, others }: Listed<Cell>) {
  const add = (sum: Cell, cell: Cell) => {
    addTally(sum, cell);
    sum.quote ??= cell.quote;
  };
  for (const [key, cell] of entries) add(to.get(key), cell);
  if (others !== null) add(to.rest(), others);
}
