import { setTimeout as delay } from "node:timers/promises";
import type { Answer } from "../../probe/answer.ts";
import { firstContact, MAX_ANSWER_MS } from "../../probe/first-contact.ts";
import type { IdleConnection as Watched } from "../../probe/idle-connection.ts";
import { type ProbeSummary, summarise } from "../../probe/summarise.ts";
import { InconclusiveError } from "../../run/exit.ts";
import type { Run } from "../../run/run.ts";
import type { Stage } from "../../stage/stage.ts";
import { type Answerer, startHarnessHttp } from "../harness-http.ts";
import { READY_MS, startUsers } from "../start-users.ts";
import type { Aimed, AimedWindow, AimListener, AimSettings } from "../volley.ts";
import { createWatch, NOBODY, type WatchedBeside } from "../watch-beside.ts";
import { within } from "../within.ts";
import { createBreakpoint, DEADLINE_MS } from "./breakpoint.ts";
import { coordinate, type Seen, topic } from "./coordinate.ts";
import { createMeetings } from "./meetings.ts";

/** A stage with a relay at its target's door. */
export type GuardedStage = Stage & { relay: NonNullable<Stage["relay"]> };

/** @throws Error for a stage without a relay: its target's closes cannot be heard */
export function guarded(stage: Stage): GuardedStage {
  if (stage.relay === null) throw new Error(`no relay at the door of ${stage.name}`);
  return stage as GuardedStage;
}

/** What aiming at the close itself takes besides. */
export interface CloseSettings extends AimSettings {
  /** How many of the users send around the close by the clock, with nothing kept back: for the picture. */
  sweepers: number;
  /** The idle time at which a connection that the target has not closed is used, ms; null = give up after maxWaitMs. */
  lastReuseMs: number | null;
  /** Idle connections besides the users', straight to the first stage's target, watched beyond the last reuse. */
  watchers: number;
  /** What the first stage's target has answered already; without it, it is asked. */
  known?: FirstAnswer;
}

export interface FirstAnswer extends Answer {
  tookMs: number;
}

/**
 * Aims every request at its own connection's close, as the relay at the target's door hears it. The first stage's closes
 * tell the gaps for all stages.
 * @throws InconclusiveError when a part dies, or the first stage's target closes nothing and there is no last reuse
 */
export async function aimAtClose(
  run: Run,
  stages: readonly GuardedStage[],
  settings: CloseSettings,
  listener: AimListener,
): Promise<Aimed> {
  const { users, request, okStatus } = settings;
  const answers = await Promise.all(
    stages.map((stage, i) => (i === 0 ? settings.known : undefined) ?? ask(run, stage, settings)),
  );
  const meetings = createMeetings();
  const answer: Answerer = async (path, params, said) => {
    if (path === "/request") return { request, okStatus };
    return meetings.ask(`${params.get("run")}/${params.get("user")}${path}`, said);
  };
  const http = await startHarnessHttp(
    stages.map(({ k6 }) => k6.harness),
    answer,
  );
  run.defer(() => http.close());
  const sides = stages.map(({ name, relay }) => {
    const breakpoint = createBreakpoint(DEADLINE_MS + settings.rttMs / 2);
    relay.guard(breakpoint);
    return { name, breakpoint };
  });
  // Whatever happens, nothing is kept back beyond the run's end.
  run.defer(() => {
    for (const { breakpoint } of sides) breakpoint.open();
  });

  let done = false;
  const { k6s, died } = await startUsers(run, stages, {
    ...settings,
    harnessUrlOf: ({ k6 }) => http.urlOf(k6.harness),
    harnessToken: http.token,
    longestS: 60 + Math.ceil((settings.rounds * settings.maxWaitMs) / 1000),
    haveReported: () => done,
  });
  await within(READY_MS, "k6's users were not ready", Promise.race([allReady(), died]));

  const url = new URL(settings.request.path, stages[0]!.targetUrl);
  const watch = createWatch(run, url, settings);
  watch.startEarly();
  listener.waiting(0, null);
  const [{ tookMs, status: usualStatus }] = answers as [FirstAnswer];
  const plan = { ...settings, patienceMs: PATIENCE_MS + 3 * tookMs, usualStatus };
  let roundsOver = 0;
  const outcomes = await Promise.race([
    coordinate(sides, plan, meetings, {
      idle: () => watch.start(),
      heard: (closesMs) => listener.measured(closesMs),
      fired(round, attempts) {
        roundsOver = round + 1;
        listener.fired(round, attempts, "the close as it is heard");
      },
    }),
    died,
    ...(settings.lastReuseMs === null ? [giveUp(settings, () => roundsOver)] : []),
  ]);
  done = true;
  const isKnown = outcomes[0]!.seen.some(({ closedBy }) => closedBy !== null);
  const watched = await Promise.race([watch.end(isKnown), died]);
  // Not for a user that is still waiting for an answer: its target may serve few connections at a time.
  await Promise.race([
    Promise.allSettled(k6s.map(({ thresholdsHeld }) => thresholdsHeld)),
    delay(END_MS, null, { ref: false }),
  ]);
  return {
    volleys: stages.map(({ name }, i) => ({
      name,
      attempts: outcomes[i]!.attempts,
      probe: probeOf(
        outcomes[i]!.seen.map((seen) => watchedOf(seen, answers[i]!)),
        i === 0 ? watched : NOBODY,
      ),
      out: outcomes[i]!.out,
    })),
    windows: windowsOf(outcomes[0]!.seen, settings.lastReuseMs),
  };

  async function allReady(): Promise<void> {
    const all = sides.flatMap((side) => Array.from({ length: users }, (_, user) => topic(side, user, "turn")));
    while (all.some((one) => meetings.askedOf(one) === 0)) await delay(5, undefined, { signal: run.signal });
  }
}

/** Beyond three times what the first answer took. */
const PATIENCE_MS = 3000;
/** For k6 to sum up and exit. */
const END_MS = 2000;

/** What the target says of itself, and how long it takes. */
async function ask(run: Run, { targetUrl }: Stage, { request }: CloseSettings): Promise<FirstAnswer> {
  const beganMs = performance.now();
  const url = new URL(targetUrl);
  const { atMs, ...answer } = await firstContact({ url, request, withinMs: MAX_ANSWER_MS, signal: run.signal });
  return { ...answer, tookMs: atMs - beganMs };
}

/** Where the first side's users sent: at the closes that were heard; else at the LB's last reuse. */
function windowsOf(seen: readonly Seen[], lastReuseMs: number | null): AimedWindow[] {
  const closes = seen.filter(({ closedBy }) => closedBy !== null).map(({ idleMs }) => idleMs);
  if (closes.length > 0) {
    const source = "each connection's own close, as the relay heard it";
    return [{ fromMs: Math.min(...closes), toMs: Math.max(...closes), kind: "close", source }];
  }
  if (lastReuseMs === null) return [];
  return [{ fromMs: lastReuseMs, toMs: lastReuseMs, kind: "last-reuse", source: "the LB's last reuse" }];
}

/** When maxWaitMs have passed without the end of a round. */
async function giveUp({ maxWaitMs, neverClosed }: CloseSettings, roundsOver: () => number): Promise<never> {
  for (let before = -1; before < roundsOver(); ) {
    before = roundsOver();
    await delay(maxWaitMs, undefined, { ref: false });
  }
  throw new InconclusiveError(`${neverClosed} after ${maxWaitMs / 1000} s`);
}

/** Where no user's connection was closed before it was used again, the watched ones tell more. */
function probeOf(users: readonly Watched[], { idle, busy }: WatchedBeside): ProbeSummary {
  const closed = users.some(({ endedBy }) => endedBy !== null);
  return closed || idle.length === 0
    ? summarise(users, { busy, others: idle })
    : summarise(idle, { busy, others: users });
}

/** As a probe would have seen it; times at the target's door. */
function watchedOf({ closedBy, idleMs, endedAtMs }: Seen, { tookMs, ...answer }: FirstAnswer): Watched {
  const endedBy = closedBy === "bytes" ? "FIN" : closedBy;
  const openedAtMs = endedAtMs - idleMs - tookMs;
  return { ...answer, endedBy, idleMs, openedAtMs, endedAtMs, requests: 1, unaskedStatus: null };
}
