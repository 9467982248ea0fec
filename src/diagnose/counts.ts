import type { Bounded } from "./bounded.ts";
import { type Cause, type Kind, SURENESSES, type Sureness } from "./cause.ts";
import type { Traffic } from "./traffic.ts";

/** Requests of one target, hour or route, and what failed of them. */
export interface Counts {
  requests: number;
  failed: Partial<Record<Kind, number>>;
}

export interface Quote {
  file: string;
  line: number;
  text: string;
}

/** Everything about one cause, all lines together. */
export interface CauseTally {
  count: number;
  sure: Record<Sureness, number>;
  firstMs: number;
  lastMs: number;
  /** How often the target had a request for so many whole ms, up to 10 s. */
  heldMs: Map<number, number>;
  quotes: Quote[];
}

/**
 * The failures of one kind, target, route and minute: what a whole group of requests says of its lines, when all have
 * been read, needs them together (recast.ts). The target's own 5xx have none.
 */
export interface Cell extends Omit<CauseTally, "quotes"> {
  quote: Quote | null;
  /** The kind that it was moved to. */
  recast: Kind | null;
}

export interface TargetTally extends Counts {
  answered: number;
  firstMs: number;
  lastMs: number;
  /** Failures that may turn out to be a deploy's, in the order of reading. */
  pending: Failure[];
  /** How many of them make it worth checking which ones are settled. */
  lookAt: number;
  failedBefore: number;
}

export interface Failure {
  cause: Cause;
  atMs: number;
  target: string;
  route: string;
  counts: Counts[];
  quote: Quote | null;
}

export interface Tally {
  lines: number;
  requests: number;
  malformed: number;
  /** Malformed ones that look like a 5xx of the LB. */
  malformedErrors: number;
  /** Lines that end too early, and count as far as they go. */
  cutOff: number;
  /** Requests that a filter did not want; nothing else counts them. */
  leftOut: number;
  /** The first requests without an error, and how many of them a grep for " 502 " finds, by their sizes. */
  sample: { looked: number; greppable: number };
  /** Lines with a file's name before them, as grep writes it. */
  grepped: number;
  /** Lines of other logs, by their names. They are neither requests nor malformed. */
  otherLogs: Map<string, number>;
  malformedQuotes: (Quote & { reason: string })[];
  firstMs: number;
  lastMs: number;
  causes: Map<Kind, CauseTally>;
  cells: Bounded<Cell>;
  /** Requests that went to a target, by minute. */
  traffic: Traffic;
  targets: Bounded<TargetTally>;
  hours: Bounded<Counts>;
  routes: Bounded<Counts>;
}

export const newCounts = (): Counts => ({ requests: 0, failed: {} });

export const newTarget = (): TargetTally => ({
  requests: 0,
  failed: {},
  answered: 0,
  firstMs: Number.POSITIVE_INFINITY,
  lastMs: Number.NEGATIVE_INFINITY,
  pending: [],
  lookAt: LOOK_AT,
  failedBefore: 0,
});

export const newCause = (): CauseTally => ({
  count: 0,
  sure: { high: 0, medium: 0, low: 0 },
  firstMs: Number.POSITIVE_INFINITY,
  lastMs: Number.NEGATIVE_INFINITY,
  heldMs: new Map(),
  quotes: [],
});

export const newCell = (): Cell => ({
  count: 0,
  sure: { high: 0, medium: 0, low: 0 },
  firstMs: Number.POSITIVE_INFINITY,
  lastMs: Number.NEGATIVE_INFINITY,
  heldMs: new Map(),
  quote: null,
  recast: null,
});

/** Counts one failure. */
export function addFailure(to: Omit<CauseTally, "quotes">, { cause, atMs }: Pick<Failure, "cause" | "atMs">): void {
  to.count += 1;
  to.sure[cause.sure] += 1;
  to.firstMs = Math.min(to.firstMs, atMs);
  to.lastMs = Math.max(to.lastMs, atMs);
  if (cause.heldS === null) return;
  const ms = Math.min(10_000, Math.round(cause.heldS * 1000));
  to.heldMs.set(ms, (to.heldMs.get(ms) ?? 0) + 1);
}

/** Adds what was counted elsewhere; `times` -1 takes it away again, but for the first and last time. */
export function addTally(to: Omit<CauseTally, "quotes">, more: Omit<CauseTally, "quotes">, times = 1): void {
  to.count += times * more.count;
  for (const sure of SURENESSES) to.sure[sure] += times * more.sure[sure];
  for (const [ms, count] of more.heldMs) {
    const left = (to.heldMs.get(ms) ?? 0) + times * count;
    if (left === 0) to.heldMs.delete(ms);
    else to.heldMs.set(ms, left);
  }
  if (times < 0) return;
  to.firstMs = Math.min(to.firstMs, more.firstMs);
  to.lastMs = Math.max(to.lastMs, more.lastMs);
}

export const failuresOf = ({ failed }: Pick<Counts, "failed">): number =>
  Object.values(failed).reduce((all, count) => all + count, 0);

/** How many lines of each cause are kept to be shown. */
export const QUOTES = 5;

/** The least `lookAt`. */
export const LOOK_AT = 64;
