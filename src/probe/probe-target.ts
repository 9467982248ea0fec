import { setTimeout as delay } from "node:timers/promises";
import { recognise, type Software } from "../advice/recognise.ts";
import type { AgainstLb } from "../record/against-lb.ts";
import type { AppRequest } from "../record/request.ts";
import { againstLb, longestWaitMs } from "./against-lb.ts";
import type { Answer } from "./answer.ts";
import { type BusyConnection, keepBusy } from "./busy-connection.ts";
import { answersAsBefore, firstContact, MAX_ANSWER_MS, type Question } from "./first-contact.ts";
import { type NeverUsed, watchNeverUsed } from "./never-used.ts";
import { startProbe } from "./probe.ts";
import { findRequestLimit, isRepeatable, type LimitSearch } from "./request-limit.ts";
import { type ProbeSummary, summarise } from "./summarise.ts";

/** Everything that can be learnt about a target without an LB. */
export interface TargetProbe {
  /** The first request's answer, on a connection of its own. */
  first: Answer;
  summary: ProbeSummary;
  kind: AgainstLb;
  /** null where it announces its closes: then no connection to it is kept, used or not. */
  neverUsed: NeverUsed | null;
  requests: LimitSearch;
  /** null where it was not recognised. */
  software: Software | null;
  /** Whether it still answered in the end. If not, it may have closed its connections because it stopped. */
  alive: boolean;
}

export interface ProbeRequest {
  url: URL;
  request: AppRequest;
  lbIdleMs: number;
  /** Round trip between LB and target, ms. */
  rttMs: number;
  /** How long idle connections are watched; well beyond the LB's idle timeout by default: longestWaitMs(). */
  maxWaitMs?: number;
  /** 10 by default: with fewer, a median and a spread mean little. */
  connections?: number;
  signal: AbortSignal;
}

/** What people are told along the way. */
export interface ProbeListener {
  met(first: Answer, software: Software | null, tookMs: number): void;
  /** Some connections have no answer after some seconds; the probe waits for `maxWaitMs` at most. */
  slow(connections: number, maxWaitMs: number): void;
  /** The connections are idle from now on, and are watched for `maxWaitMs` at most. */
  idle(connections: number, maxWaitMs: number): void;
  /** All are closed, or the wait is over. */
  over(summary: ProbeSummary): void;
}

/** @throws UsageError when nothing listens there, or no HTTP/1.x server; the signal's reason when it is aborted */
export async function probeTarget(asked: ProbeRequest, listener?: ProbeListener): Promise<TargetProbe> {
  const { url, request, lbIdleMs, rttMs, signal } = asked;
  const question: Question = { url, request, withinMs: Math.min(lbIdleMs, MAX_ANSWER_MS), signal };
  const beganMs = performance.now();
  const { atMs, ...first } = await firstContact(question);
  listener?.met(first, recognise({ ...first, idleCloseMs: null }), atMs - beganMs);
  const found = await findRequestLimit(url, request, signal);
  signal.throwIfAborted();
  const { summary, neverUsed } = await watchIdle(asked, { answerWithinMs: question.withinMs, first }, listener);
  signal.throwIfAborted();
  listener?.over(summary);
  const alive = await answersAsBefore(question, first);
  signal.throwIfAborted();
  const requests = withBusy(found, summary);
  const kind = withLimit(againstLb(summary, lbIdleMs, rttMs), requests);
  return { first, summary, kind, neverUsed, requests, software: recogniseByCloses(summary, kind), alive };
}

/** Closes that go by no idle timeout are nobody's default. */
export function recogniseByCloses(summary: ProbeSummary, kind: AgainstLb): Software | null {
  const isIdleClose = !["restarted", "closes-by-age", "closes-some"].includes(kind);
  return recognise(isIdleClose ? summary : { ...summary, idleCloseMs: null });
}

/** A connection that was in use all the time has got as many requests on a slow route as there was time for. */
export function withBusy(found: LimitSearch, { busy, closed }: Pick<ProbeSummary, "busy" | "closed">): LimitSearch {
  if (found.limit !== null || busy === null || busy.requests <= found.lookedUpTo) return found;
  const { requests } = busy;
  // None of the others was closed, so that it was no restart and no age: what was particular to it are its requests.
  if (busy.closed && closed === 0) {
    return { limit: { requests, once: true, announced: false }, lookedUpTo: requests, why: null };
  }
  return { ...found, lookedUpTo: requests };
}

/** Where the idle closes are no race, an unannounced limit on requests is one. */
export function withLimit(kind: AgainstLb, { limit }: LimitSearch): AgainstLb {
  return kind === "outlives" && limit !== null && !limit.announced ? "closes-after-requests" : kind;
}

const CONNECTIONS = 10;

async function watchIdle(
  asked: ProbeRequest,
  { answerWithinMs, first }: { answerWithinMs: number; first: Answer },
  listener: ProbeListener | undefined,
) {
  const { url, request, lbIdleMs, rttMs, connections = CONNECTIONS, signal } = asked;
  const maxWaitMs = asked.maxWaitMs ?? longestWaitMs(lbIdleMs, rttMs);
  const stop = new AbortController();
  // A short wait is meant to be short.
  const spreadOverMs = Math.min(SPREAD_OVER_MS, maxWaitMs / 2);
  const [keeps, repeats] = [!first.announcedClose, isRepeatable(request)];
  const probe = startProbe(url, connections, request, {
    spacingMs: keeps ? spreadOverMs / (connections - 1) : 0,
    againAfterMs: keeps && repeats ? Math.min(AGAIN_AFTER_MS, maxWaitMs / 4) : null,
  });
  let busy: Promise<BusyConnection | null> = Promise.resolve(null);
  const end = () => {
    probe.stop();
    stop.abort();
  };
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  // A server that serves one connection at a time answers the second when it has closed the first: what it answers
  // within this time has to suffice.
  const patience = setTimeout(end, maxWaitMs + answerWithinMs);
  const slow = setTimeout(() => listener?.slow(connections, maxWaitMs + answerWithinMs), SLOW_MS);
  let enough: NodeJS.Timeout | undefined;
  try {
    // A restart ends the connection that is in use in the same instant.
    const used = probe.seen.then((all) => delay(SAME_INSTANT_MS, all)).finally(end);
    await probe.idle;
    for (const timer of [patience, slow]) clearTimeout(timer);
    enough = setTimeout(end, maxWaitMs);
    if (!stop.signal.aborted) listener?.idle(connections, maxWaitMs);
    // Not before the others are answered: a server with one thread waits for the first byte on each of them.
    if (keeps && repeats && !stop.signal.aborted) busy = keepBusy(url, request, stop.signal);
    const [seen, neverUsed] = await Promise.all([used, watchNeverUsed(url, stop.signal)]);
    const summary = summarise(seen, { busy: await busy });
    return { summary, neverUsed: summary.announcedClose ? null : neverUsed };
  } finally {
    for (const timer of [patience, slow, enough]) clearTimeout(timer);
    signal.removeEventListener("abort", end);
    end();
  }
}

/**
 * Connections that are opened at once share the phase of a server's clock: one of whole seconds (lighttpd, uWSGI's router)
 * closes all of them in one instant, anywhere within its second. Spread over more than 4 s, the golden section of a second
 * apart, ten of them show the whole range of such a clock, and two ticks of one of 4 s (Bun).
 */
const SPREAD_OVER_MS = 5562;

/** Its age is then so much more than its idle time: as much as tells them apart. */
const AGAIN_AFTER_MS = 3000;

const SAME_INSTANT_MS = 200;

/** After this time people are told that it takes longer. */
const SLOW_MS = SPREAD_OVER_MS + 3000;
