import { burstsOf } from "./bursts.ts";
import { placesOf } from "./cells.ts";
import { type Counts, failuresOf, type Tally } from "./counts.ts";
import { type CauseFound, DIAGNOSIS_SCHEMA, type Diagnosis } from "./diagnosis.ts";
import { explain, topRouteOf } from "./explain.ts";
import { judge } from "./judge.ts";
import { type OnlyErrors, onlyErrors } from "./only-errors.ts";
import { largestRate } from "./rate.ts";
import { type Recast, recast } from "./recast.ts";
import { remarksOn } from "./remarks.ts";
import { seriesOf } from "./series.ts";
import { shownName } from "./show.ts";

/** What was read, besides its lines. */
export interface Reading {
  files: number;
  bytes: number;
  broken: { file: string; reason: string }[];
  startedAt: Date;
  durationMs: number;
  version: string;
}

/** Turns the tally of all lines into the result. */
export function conclude(tally: Tally, reading: Reading): Diagnosis {
  const errorsOnly = onlyErrors(tally);
  const recasts = recast(tally, errorsOnly);
  const causes = causesOf(tally, recasts, errorsOnly);
  const all = causes.reduce((sum, { count }) => sum + count, 0);
  const lb = all - (causes.find(({ kind }) => kind === "own")?.count ?? 0);
  const { files, bytes, broken, startedAt, durationMs, version } = reading;
  const input = {
    files,
    bytes,
    lines: tally.lines,
    requests: tally.requests,
    malformed: tally.malformed,
    cutOff: tally.cutOff,
    leftOut: tally.leftOut,
    onlyErrors: errorsOnly !== "no",
    broken,
    firstAt: timeOf(tally.firstMs),
    lastAt: timeOf(tally.lastMs),
  };
  return {
    schema: DIAGNOSIS_SCHEMA,
    ...judge({
      input,
      causes,
      lb,
      malformedErrors: tally.malformedErrors,
      recasts,
      errorsOnly,
      remarks: remarksOn(tally),
    }),
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(durationMs),
    version,
    input,
    errors: { all, lb },
    causes,
    series: seriesOf(tally),
    targets: listOf(tally.targets.entries(), tally.targets.others(), byFailures),
    hours: listOf(tally.hours.entries(), tally.hours.others(), byFailures, byName),
    routes: listOf(tally.routes.entries(), tally.routes.others(), byFailures),
    malformed: tally.malformedQuotes,
  };
}

/** The most frequent first; the target's own 5xx, which are not the LB's fault, last. */
function causesOf(tally: Tally, recasts: readonly Recast[], errorsOnly: OnlyErrors): CauseFound[] {
  const { causes, routes, requests } = tally;
  const rate = largestRate(tally);
  const bursts = burstsOf(
    tally,
    placesOf(tally.cells).filter(({ kind }) => kind === "race"),
  );
  const inBursts = bursts.reduce((sum, { closed }) => sum + closed, 0);
  const found = [...causes].map(([kind, cause]) => ({
    kind,
    count: cause.count,
    ...explain(kind, cause, {
      topRoute: topRouteOf(kind, cause.count, routes.entries(), requests),
      rate,
      inBursts,
      onlyErrors: errorsOnly,
      recasts: recasts.filter((one) => one.kind === kind),
    }),
    firstAt: timeOf(cause.firstMs)!,
    lastAt: timeOf(cause.lastMs)!,
    quotes: cause.quotes,
  }));
  return found.sort((a, b) => Number(a.kind === "own") - Number(b.kind === "own") || b.count - a.count);
}

/** How many targets, hours and routes are listed. */
const LISTED = 100;

type Entry = [name: string, counts: Counts];
type Order = (a: Entry, b: Entry) => number;

const byFailures: Order = ([, a], [, b]) => failuresOf(b) - failuresOf(a) || b.requests - a.requests;
const byName: Order = ([a], [b]) => (a < b ? -1 : 1);

/** @param show the order in which the chosen ones are listed */
function listOf(entries: Entry[], rest: Counts | null, choose: Order, show = choose): Diagnosis["targets"] {
  const sorted = entries.sort(choose);
  const left = [...sorted.slice(LISTED).map(([, counts]) => counts), ...(rest ? [rest] : [])];
  return {
    listed: sorted
      .slice(0, LISTED)
      .sort(show)
      .map(([name, { requests, failed }]) => ({ name: shownName(name), requests, failed })),
    others: left.length === 0 ? null : left.reduce(sum, { requests: 0, failed: {} }),
  };
}

function sum(a: Counts, b: Counts): Counts {
  const failed = { ...a.failed };
  for (const [kind, count] of Object.entries(b.failed) as [keyof typeof failed, number][])
    failed[kind] = (failed[kind] ?? 0) + count;
  return { requests: a.requests + b.requests, failed };
}

const timeOf = (ms: number): string | null => (Number.isFinite(ms) ? new Date(ms).toISOString() : null);
