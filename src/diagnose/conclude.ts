import type { Counts, Tally } from "./counts.ts";
import { type CauseFound, DIAGNOSIS_SCHEMA, type Diagnosis } from "./diagnosis.ts";
import { explain, topRouteOf } from "./explain.ts";
import { shownName } from "./redact.ts";
import { seriesOf } from "./series.ts";

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
  const causes = causesOf(tally);
  const all = causes.reduce((sum, { count }) => sum + count, 0);
  const lb = all - (causes.find(({ kind }) => kind === "own")?.count ?? 0);
  const { files, bytes, broken, startedAt, durationMs, version } = reading;
  return {
    schema: DIAGNOSIS_SCHEMA,
    ...verdictOf(tally, broken, causes, lb),
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(durationMs),
    version,
    input: {
      files,
      bytes,
      lines: tally.lines,
      requests: tally.requests,
      malformed: tally.malformed,
      broken,
      firstAt: timeOf(tally.firstMs),
      lastAt: timeOf(tally.lastMs),
    },
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
function causesOf({ causes, routes, requests }: Tally): CauseFound[] {
  const found = [...causes].map(([kind, tally]) => ({
    kind,
    count: tally.count,
    ...explain(kind, tally, { topRoute: topRouteOf(kind, tally.count, routes.entries(), requests) }),
    firstAt: timeOf(tally.firstMs)!,
    lastAt: timeOf(tally.lastMs)!,
    quotes: tally.quotes,
  }));
  return found.sort((a, b) => Number(a.kind === "own") - Number(b.kind === "own") || b.count - a.count);
}

/** More unreadable lines than this share make "clean" a guess. */
const MALFORMED_SHARE = 0.01;

function verdictOf(
  { requests, lines, malformed }: Tally,
  broken: Reading["broken"],
  causes: readonly CauseFound[],
  lb: number,
): Pick<Diagnosis, "verdict" | "reasons"> {
  const race = causes.find(({ kind }) => kind === "race");
  if (race) {
    const reason = `${race.count} of ${requests} requests were lost to the keep-alive race, by their lines (sure: ${race.sure}).`;
    return {
      verdict: "race",
      reasons: [reason, ...(lb > race.count ? [`The LB made ${lb - race.count} other 5xx.`] : [])],
    };
  }
  if (lb > 0) {
    const kinds = causes.filter(({ kind }) => kind !== "own").map(({ kind, count }) => `${kind} ${count}`);
    return {
      verdict: "errors",
      reasons: [`No line looks like the keep-alive race; the LB made ${lb} 5xx: ${kinds.join(", ")}.`],
    };
  }
  const doubts = [
    ...(requests === 0 ? [lines === 0 ? "There is no line to read." : "No line is from an ALB's access log."] : []),
    ...(requests > 0 && malformed > lines * MALFORMED_SHARE
      ? [`${malformed} of ${lines} lines could not be read.`]
      : []),
    ...broken.map(({ file, reason }) => `${file} could not be read to its end: ${reason}.`),
  ];
  if (doubts.length > 0) return { verdict: "inconclusive", reasons: doubts };
  return { verdict: "clean", reasons: [`The LB answered none of ${requests} requests with a 5xx of its own.`] };
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

export const failuresOf = ({ failed }: Pick<Counts, "failed">): number =>
  Object.values(failed).reduce((all, count) => all + count, 0);

function sum(a: Counts, b: Counts): Counts {
  const failed = { ...a.failed };
  for (const [kind, count] of Object.entries(b.failed) as [keyof typeof failed, number][])
    failed[kind] = (failed[kind] ?? 0) + count;
  return { requests: a.requests + b.requests, failed };
}

const timeOf = (ms: number): string | null => (Number.isFinite(ms) ? new Date(ms).toISOString() : null);
