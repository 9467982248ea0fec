import type { Run } from "./run.ts";

/** A line that says every second how long a wait will still take; on a terminal only. */
export interface Countdown {
  /** @param expectedMs null where it is not known: it then counts up */
  start(what: string, expectedMs: number | null): void;
  stop(): void;
}

/** The run's end stops it. */
export function createCountdown({ progress, defer }: Pick<Run, "progress" | "defer">): Countdown {
  let ticking: NodeJS.Timeout | undefined;
  const stop = () => {
    clearInterval(ticking);
    progress.transient("");
  };
  defer(stop);
  return {
    stop,
    start(what, expectedMs) {
      stop();
      const began = performance.now();
      const tick = () => {
        const elapsedMs = performance.now() - began;
        const clock = expectedMs === null ? `for ${seconds(elapsedMs)}` : `${seconds(expectedMs - elapsedMs)} to go`;
        progress.transient(`${what}, ${clock}`);
      };
      tick();
      ticking = setInterval(tick, 1000);
    },
  };
}

const seconds = (ms: number): string => `${Math.max(0, Math.round(ms / 1000))} s`;
