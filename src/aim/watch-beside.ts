import { setTimeout as delay } from "node:timers/promises";
import { type BusyConnection, keepBusy } from "../probe/busy-connection.ts";
import type { IdleConnection } from "../probe/idle-connection.ts";
import { type Probe, startProbe } from "../probe/probe.ts";
import { isRepeatable } from "../probe/request-limit.ts";
import type { AppRequest } from "../record/request.ts";
import type { Run } from "../run/run.ts";

/** What was watched besides the users' own connections. */
export interface WatchedBeside {
  idle: readonly IdleConnection[];
  busy: BusyConnection | null;
}

export const NOBODY: WatchedBeside = { idle: [], busy: null };

/**
 * Connections that nobody uses: they show when a target closes that outlives the LB's last reuse. And one that is in use
 * all the time: what ends that one, too, is no idle timeout.
 */
export function createWatch(
  run: Pick<Run, "defer">,
  url: URL,
  { request, watchers, maxWaitMs }: { request: AppRequest; watchers: number; maxWaitMs: number },
) {
  let early: Probe | null = null;
  let probe: Probe | null = null;
  let busy: Promise<BusyConnection | null> = Promise.resolve(null);
  let sinceMs = 0;
  const over = new AbortController();
  const stop = () => {
    for (const one of [early, probe]) one?.stop();
    over.abort();
  };
  run.defer(stop);
  return {
    /** Before any user's connection: a target that keeps few of them keeps this one. */
    startEarly() {
      if (watchers > 0) early ??= startProbe(url, 1, request);
    },
    start() {
      if (watchers === 0 || probe !== null) return;
      probe = startProbe(url, watchers, request, { spacingMs: SPACING_MS });
      sinceMs = performance.now();
      if (isRepeatable(request)) busy = keepBusy(url, request, over.signal);
    },
    /** @param isKnown the users' own connections have told when the target closes */
    async end(isKnown: boolean): Promise<WatchedBeside> {
      if (probe === null) return NOBODY;
      const seen = Promise.all([probe.seen, early?.seen ?? []]).then((all) => all.flat());
      const untilMs = sinceMs + watchers * SPACING_MS + maxWaitMs;
      const leftMs = isKnown ? SAME_INSTANT_MS : untilMs - performance.now();
      await Promise.race([seen, delay(Math.max(0, leftMs), null, { ref: false })]);
      await delay(isKnown ? 0 : SAME_INSTANT_MS);
      stop();
      return { idle: await seen, busy: await busy };
    },
  };
}

/**
 * Connections that are opened at once would share the phase of a coarse clock. Three of them the golden section of a second
 * apart show most of the range of one of whole seconds.
 */
const SPACING_MS = 618;

/** A restart ends all connections within this. */
const SAME_INSTANT_MS = 200;
