import { setTimeout as delay } from "node:timers/promises";
import type { AttemptReport, IdleAnswer, IdleReport, TurnAnswer } from "../../../scenarios/lib/close-protocol.ts";
import { median } from "../../../scenarios/lib/median.ts";
import { type Deferred, deferred } from "../../probe/deferred.ts";
import type { Attempt } from "../../record/attempt.ts";
import { attemptOf } from "./attempt-of.ts";
import type { Breakpoint, IdleConnection } from "./breakpoint.ts";
import type { Meetings, Visit } from "./meetings.ts";

/** One stage, for its users, with the breakpoint at its target's door. */
export interface Side {
  name: string;
  breakpoint: Breakpoint;
}

/** What all sides do. Times in ms. */
export interface ClosePlan {
  users: number;
  rounds: number;
  /** How many of the users, the last ones, send around the close by the clock, with nothing kept back. */
  sweepers: number;
  rttMs: number;
  /** How long a connection may be idle before it is used although the target has not closed it; null = forever. */
  lastReuseMs: number | null;
  /** The longest wait for the answer to a warm-up request. */
  patienceMs: number;
  /** What the target answers when all is well. */
  usualStatus: number;
}

/** What became of one connection of a side: as much as a probe would have seen. */
export interface Seen {
  /** null = the target had not closed it when it was used again. */
  closedBy: "FIN" | "RST" | "bytes" | null;
  idleMs: number;
  /** When it was closed or used again, performance.now(). */
  endedAtMs: number;
}

export interface SideOutcome {
  attempts: Attempt[];
  seen: Seen[];
  /** Users whose connection the target does not keep, or which cannot be told from others, and why. */
  out: { user: number; why: string }[];
}

export interface CoordinateListener {
  /** All connections of the first side are idle. */
  idle(): void;
  /** The first side's closes, as soon as a few were heard, ms; null = none before the last reuse. */
  heard(closesMs: readonly number[] | null): void;
  fired(round: number, attempts: readonly Attempt[]): void;
}

/**
 * Has the users of the first side meet their connections' closes, and those of the other sides send at the same gaps.
 * Warm-ups of one side go one at a time, so that it is certain which connection carried each (Breakpoint.beginTurn).
 */
export async function coordinate(
  sides: readonly Side[],
  plan: ClosePlan,
  meetings: Meetings,
  listener: CoordinateListener,
): Promise<SideOutcome[]> {
  const beganMs = performance.now();
  const outcomes: SideOutcome[] = sides.map(() => ({ attempts: [], seen: [], out: [] }));
  for (let round = 0; round < plan.rounds; round++) {
    const lead = createLead(plan.users);
    await Promise.all(
      sides.map((side, i) =>
        playRound({ side, plan, meetings, lead, leads: i === 0, outcome: outcomes[i]!, round, beganMs, listener }),
      ),
    );
    listener.fired(
      round,
      outcomes[0]!.attempts.filter((attempt) => attempt.round === round),
    );
  }
  for (const side of sides) {
    for (let user = 0; user < plan.users; user++) dismiss(side, user, meetings);
  }
  return outcomes;
}

/** What the first side tells the others in one round. */
interface Lead {
  /** For how long each user's connection had been idle when it was told to send; null = it never was. */
  gaps: Deferred<number | null>[];
  /** Whether each user's request met the close. */
  met: Deferred<boolean>[];
  /** The idle closes that were heard so far, ms, and their median as soon as there are a few. */
  closesMs: number[];
  closeMs: Deferred<number>;
  /** Whether the listener was told. */
  told: boolean;
}

const createLead = (users: number): Lead => ({
  gaps: Array.from({ length: users }, () => deferred<number | null>()),
  met: Array.from({ length: users }, () => deferred<boolean>()),
  closesMs: [],
  closeMs: deferred<number>(),
  told: false,
});

interface Round {
  side: Side;
  plan: ClosePlan;
  meetings: Meetings;
  lead: Lead;
  /** Whether this is the side that leads. */
  leads: boolean;
  outcome: SideOutcome;
  round: number;
  beganMs: number;
  listener: CoordinateListener;
}

async function playRound(at: Round): Promise<void> {
  const { plan, outcome, lead, leads, listener } = at;
  const under: Promise<void>[] = [];
  for (let user = 0; user < plan.users; user++) {
    const isOut = outcome.out.some((one) => one.user === user);
    const next = delay(TURN_MS);
    const warm = isOut ? null : await warmUp(at, user, under.length > 0);
    if (warm !== null) under.push(aimOne(at, user, warm));
    else if (leads) {
      lead.gaps[user]!.resolve(null);
      lead.met[user]!.resolve(false);
    }
    if (!isOut) await next;
  }
  if (leads) listener.idle();
  await Promise.all(under);
}

/**
 * The least time between two users' turns: their connections then close as far apart, and five processes on two cores
 * handle one aimed request at a time.
 */
const TURN_MS = 25;

interface Warm {
  connection: IdleConnection | null;
  visit: Visit;
}

/**
 * @param areOthersWarm others of this side have been answered
 * @returns null where this user is out; a null connection where its warm-up request failed, as its report says
 */
async function warmUp(at: Round, user: number, areOthersWarm: boolean): Promise<Warm | null> {
  const { side, plan, meetings, outcome, round } = at;
  const leave = (why: string) => {
    outcome.out.push({ user, why });
    return null;
  };
  // A target that serves so many connections at a time answers another only when it has closed one of them.
  if (outcome.out.some(({ why }) => why === NOT_ANSWERED)) return leave(NOT_ANSWERED);
  for (let tries = 0; tries < MOST_TURNS; tries++) {
    const asked = await meetings.meet(topic(side, user, "turn"));
    const turn = side.breakpoint.beginTurn();
    asked.answer({ round, done: false } satisfies TurnAnswer);
    const idle = meetings.meet(topic(side, user, "idle"));
    const visit = await Promise.race([idle, delay(plan.patienceMs, null, { ref: false })]);
    const connection = turn.end((id) => id.startsWith(`${side.name}-${round}-${user}-warm`));
    if (visit === null) {
      void idle.then((late) => late.answer(OUT));
      return leave(NOT_ANSWERED);
    }
    const { ok, fromLb = false } = visit.said as IdleReport;
    // It serves the others, so it is there, and takes so many connections only.
    if (fromLb && areOthersWarm) {
      visit.answer(OUT);
      return leave(REFUSED);
    }
    if (!ok) return { connection: null, visit };
    if (connection !== null && (await isGivenUp(connection, plan.rttMs))) {
      visit.answer(OUT);
      return leave(NOT_KEPT);
    }
    if (connection !== null) return { connection, visit };
    visit.answer({ next: "again", inMs: 0 } satisfies IdleAnswer);
  }
  return leave("which connection carried its request could not be told");
}

const MOST_TURNS = 3;

const NOT_ANSWERED = "the target answered no further connection";
const REFUSED = "the target took no further connection";
const NOT_KEPT = "the target announced that it does not keep this connection";

const OUT: IdleAnswer = { next: "out", inMs: 0 };

/** The LB, too, closes a connection whose end its answer announced (Connection: close): within a round trip of it. */
async function isGivenUp(connection: IdleConnection, rttMs: number): Promise<boolean> {
  if (connection.fate().unasked === null) return false;
  await delay(rttMs + GIVEN_UP_MS);
  const { leftByLb, late } = connection.fate();
  return leftByLb && !late;
}

const GIVEN_UP_MS = 10;

async function aimOne(at: Round, user: number, { connection, visit }: Warm): Promise<void> {
  const { side, plan, meetings, outcome, lead, leads, round, beganMs } = at;
  const sweeps = user >= plan.users - plan.sweepers;
  const order = connection === null ? { setGapMs: 0, inMs: 0 } : await orderFor(at, user, connection, sweeps);
  if (leads) lead.gaps[user]!.resolve(connection === null ? null : order.setGapMs);
  visit.answer({ next: "send", inMs: order.inMs } satisfies IdleAnswer);

  const reported = await meetings.meet(topic(side, user, "attempt"));
  const atMs = performance.now() - beganMs;
  const report = reported.said as AttemptReport;
  reported.answer({});
  const fate = connection?.fate() ?? null;
  connection?.leave();
  if (leads) lead.met[user]!.resolve(fate?.met ?? false);
  const closeMs = lead.closesMs.length > 0 ? median(lead.closesMs) : null;
  const attempt = attemptOf(report, {
    ...{ round, user, atMs, sweeps, fate, setGapMs: order.setGapMs },
    idleSinceMs: connection?.idleSinceMs ?? null,
    arrivedMs: side.breakpoint.arrivalOf(report.requestId),
    expectedCloseMs: closeMs,
    // The others' gaps are the first side's: they met the moment if its users did.
    counterpartMet: leads ? null : await lead.met[user]!.promise,
    lastReuseMs: plan.lastReuseMs,
    usualStatus: plan.usualStatus,
  });
  outcome.attempts.push(attempt);
  if (fate !== null) {
    const endMs = fate.unasked?.atMs ?? fate.requestAtMs ?? performance.now();
    const idleMs = endMs - connection!.idleSinceMs;
    outcome.seen.push({ closedBy: fate.unasked?.kind ?? null, idleMs, endedAtMs: endMs });
  }
}

/** When a user is to send: for how long its connection will have been idle then, and in how many ms from now. */
interface Order {
  setGapMs: number;
  inMs: number;
}

async function orderFor(at: Round, user: number, connection: IdleConnection, sweeps: boolean): Promise<Order> {
  const { plan, lead, leads } = at;
  const sinceMs = connection.idleSinceMs;
  const idleMs = () => performance.now() - sinceMs;
  const timers = new AbortController();
  const idleFor = (ms: number) =>
    delay(Math.max(0, ms - idleMs()), null, { signal: timers.signal, ref: false }).catch(() => null);
  connection.keep(!sweeps);

  const closed = connection.unasked.then(({ atMs }) => {
    if (leads) hear(at, atMs - sinceMs);
    return sweeps ? new Promise<never>(() => {}) : { setGapMs: atMs - sinceMs, inMs: 0 };
  });
  const lastReuse = async (ms: number): Promise<Order> => {
    await idleFor(ms);
    if (leads && !timers.signal.aborted) tell(at, null);
    return { setGapMs: ms, inMs: 0 };
  };
  const planned = leads
    ? sweeps
      ? [lead.closeMs.promise.then((closeMs) => sweepOrder(closeMs, at.plan, user, idleMs()))]
      : []
    : [
        lead.gaps[user]!.promise.then((gapMs) =>
          gapMs === null ? null : orderAt(gapMs, idleMs(), sweeps ? wayMs(plan) : 0),
        ),
      ];
  const order = await Promise.race([
    closed,
    ...planned,
    ...(plan.lastReuseMs === null ? [] : [lastReuse(plan.lastReuseMs)]),
  ]);
  timers.abort();
  return order ?? { setGapMs: idleMs(), inMs: 0 };
}

/** @param wayMs how long the request takes to get there */
const orderAt = (gapMs: number, idleMs: number, wayMs: number): Order => ({
  setGapMs: gapMs,
  inMs: Math.max(0, gapMs - wayMs - idleMs),
});

function hear(at: Round, closeMs: number): void {
  const { lead, plan } = at;
  lead.closesMs.push(closeMs);
  if (lead.closesMs.length < Math.min(ENOUGH_CLOSES, plan.users - plan.sweepers)) return;
  lead.closeMs.resolve(median(lead.closesMs));
  tell(at, lead.closesMs);
}

function tell({ lead, listener }: Round, closesMs: readonly number[] | null): void {
  if (lead.told) return;
  lead.told = true;
  listener.heard(closesMs);
}

const ENOUGH_CLOSES = 3;

/** Evenly around the close, from half of `reachMs` before it to a round trip more after it, in scattered order. */
function sweepOrder(closeMs: number, plan: ClosePlan, user: number, idleMs: number): Order {
  const { users, sweepers, rttMs } = plan;
  const index = user - (users - sweepers);
  const share = sweepers === 1 ? 0.5 : ((index * GOLDEN) % 1) * (sweepers / Math.max(1, sweepers - 1));
  const reachMs = Math.max(3 * rttMs, 4);
  const gapMs = Math.max(0, closeMs - reachMs / 2 + Math.min(1, share) * (reachMs + rttMs));
  return orderAt(gapMs, idleMs, wayMs(plan));
}

/** From telling k6 to send until the request is at the door: through k6, the LB's tiers and the network. */
const wayMs = ({ rttMs }: ClosePlan): number => rttMs / 2 + CHAIN_MS;

const GOLDEN = 0.618034;
/** As measured on 2 cores, without the network. */
const CHAIN_MS = 2.5;

/** Tells a user that nothing is left to do. */
function dismiss(side: Side, user: number, meetings: Meetings): void {
  void meetings
    .meet(topic(side, user, "turn"))
    .then((visit) => visit.answer({ round: 0, done: true } satisfies TurnAnswer));
}

/** What a user asks about. */
export const topic = ({ name }: Pick<Side, "name">, user: number, what: string): string => `${name}/${user}/${what}`;
