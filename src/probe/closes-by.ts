import type { IdleConnection } from "./idle-connection.ts";

/**
 * What a target's closes go by.
 * - idle: for how long a connection was idle, within two seconds.
 * - ticks: that too, but looked at now and then only, all that is due at once (Bun 4 s, JDK 10 s, waitress 30 s).
 * - age: how long ago it was opened, however recently it was used.
 * - instant: one moment, whatever had been idle for how long, connections in use as well: a restart or reload.
 * - chance: none of these.
 */
export type ClosesBy = "idle" | "ticks" | "age" | "instant" | "chance";

export interface ClosePattern {
  by: ClosesBy;
  /** How far apart its looks are, as far as was seen, ms; 0 where that does not show. */
  stepMs: number;
}

/**
 * Tells by what connections are closed: whichever of idle time, age and moment their closes agree in.
 * @param busy a connection that was in use all the time: an idle timeout cannot have closed it
 */
export function closesBy(seen: readonly IdleConnection[], busy: IdleConnection | null): ClosePattern | null {
  const all = [...seen, ...(busy === null ? [] : [busy])].filter(({ announcedClose }) => !announcedClose);
  const closed = all.filter(({ endedBy }) => endedBy !== null);
  const idle = closed.filter((one) => one !== busy);
  if (idle.length === 0) return null;
  if (isRestart(all, closed, busy)) return { by: "instant", stepMs: 0 };
  const idleSpreadMs = spreadOf(closed, ({ idleMs }) => idleMs);
  const ageSpreadMs = spreadOf(closed, ageOf);
  if (idleSpreadMs >= TELLS_MS && ageSpreadMs <= EXACT_MS && ageSpreadMs < idleSpreadMs / 3) {
    return { by: "age", stepMs: 0 };
  }
  return byIdleTime(idle);
}

/** A group of closes that all connections share which were open then, the one in use, or one just used, included. */
function isRestart(all: readonly IdleConnection[], closed: readonly IdleConnection[], busy: IdleConnection | null) {
  return instantsOf(closed).some((group) => {
    const [fromMs, toMs] = [group[0]!.endedAtMs, group.at(-1)!.endedAtMs];
    if (all.some((one) => one.openedAtMs < fromMs && one.endedAtMs > toMs)) return false;
    const idles = group.map(({ idleMs }) => idleMs);
    const isFresh = Math.min(...idles) <= FRESH_MS;
    // Without a connection in use a coarse clock looks the same, so nothing is concluded then either.
    if (group.length >= MANY && spreadOf(group, ({ idleMs }) => idleMs) >= TELLS_MS) return isFresh || busy === null;
    // Few were open yet, and those that came later were left alone for longer.
    const isKeptLater = (one: IdleConnection) => one.openedAtMs > toMs && one.idleMs > Math.max(...idles) + TELLS_MS;
    return isFresh && all.some(isKeptLater);
  });
}

function byIdleTime(closed: readonly IdleConnection[]): ClosePattern {
  const spreadMs = spreadOf(closed, ({ idleMs }) => idleMs);
  const instants = instantsOf(closed);
  if (spreadMs >= TELLS_MS / 2 && instants.length <= closed.length / 2) {
    const times = instants.map((group) => group[0]!.endedAtMs);
    const steps = times.slice(1).map((ms, i) => ms - times[i]!);
    return { by: "ticks", stepMs: steps.length > 0 ? Math.min(...steps) : COARSEST_MS };
  }
  return { by: spreadMs <= EXACT_MS ? "idle" : "chance", stepMs: 0 };
}

/** Closes in one another's wake, in groups, in order. */
function instantsOf(closed: readonly IdleConnection[]): IdleConnection[][] {
  const groups: IdleConnection[][] = [];
  for (const one of [...closed].sort((a, b) => a.endedAtMs - b.endedAtMs)) {
    const group = groups.at(-1);
    const isSame = group && one.endedAtMs - group.at(-1)!.endedAtMs <= WAKE_MS;
    if (isSame && one.endedAtMs - group[0]!.endedAtMs <= INSTANT_MS) group.push(one);
    else groups.push([one]);
  }
  return groups;
}

const ageOf = ({ openedAtMs, endedAtMs }: IdleConnection): number => endedAtMs - openedAtMs;

function spreadOf(some: readonly IdleConnection[], read: (one: IdleConnection) => number): number {
  const values = some.map(read);
  return Math.max(...values) - Math.min(...values);
}

/** Fewer may be closed together by chance. */
const MANY = 3;

/** Differences below this are a busy machine's, or those of connections that were begun together. */
const TELLS_MS = 1000;

/** A clock of whole seconds may be off by one either way (uWSGI's router). */
const EXACT_MS = 2000;

/** Ends of one cause follow each other within this; connections that are begun one by one are further apart. */
const WAKE_MS = 100;

/** However many there are: a hundred that are begun one by one follow each other closely, too. */
const INSTANT_MS = 300;

/** A connection that was used so recently was in use: twice the pause of the busy one. */
const FRESH_MS = 1000;

/** Of the clocks that are known, waitress's. Where all closes fall on one tick, nobody can tell when the next is. */
const COARSEST_MS = 30_000;
