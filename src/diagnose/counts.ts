import type { Bounded } from "./bounded.ts";
import type { Cause, Kind, Sureness } from "./cause.ts";
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
  counts: Counts[];
  quote: Quote | null;
}

export interface Tally {
  lines: number;
  requests: number;
  malformed: number;
  /** Of them, those that may be of a 5xx. */
  maybe5xx: number;
  /** Requests whose line ends too early: what became of them could be read. */
  cutOff: number;
  /** Lines of other logs, by their names. They are neither requests nor malformed. */
  otherLogs: Map<string, number>;
  malformedQuotes: (Quote & { reason: string })[];
  firstMs: number;
  lastMs: number;
  causes: Map<Kind, CauseTally>;
  targets: Bounded<TargetTally>;
  hours: Bounded<Counts>;
  routes: Bounded<Counts>;
  /** Requests that went to a target. */
  traffic: Traffic;
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

/** The least `lookAt`. */
export const LOOK_AT = 64;
