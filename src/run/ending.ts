import { onFailure } from "./failure.ts";
import { onInterrupt } from "./interrupt.ts";
import type { Progress } from "./progress.ts";

/** What may end a run before its body does. */
export interface Ending {
  /** Aborted by an interrupt, by a failure that nobody handles, and by over(). */
  signal: AbortSignal;
  /** Whether somebody interrupted it. */
  interrupted: boolean;
  /** The failure, where one came; whatever it is. */
  failure: { error: unknown } | null;
  /** Resolves when it has been waited for long enough: 10 s after a second interrupt, 30 s after a failure. */
  ranOut: Promise<typeof RAN_OUT>;
  /** The body has ended. */
  over(): void;
  /** Ends the watch. */
  stop(): void;
}

export const RAN_OUT = Symbol("ran out");

/**
 * Watches for what may end a run, and tells people who interrupt it.
 * @param outer who may end it in place of this process's signals and failures, which are then somebody else's to handle
 */
export function watchForTheEnd(progress: Progress, outer?: AbortSignal): Ending {
  if (outer !== undefined) return watchSignal(outer);
  const abort = new AbortController();
  const clock = createClock();
  const stopListening = onInterrupt(
    (name) => {
      ending.interrupted = true;
      progress.line(`${name}: stopping what was started`);
      abort.abort(new Error(`interrupted by ${name}`));
    },
    (name) => {
      if (clock.start(AGAIN_MS)) progress.line(`${name}: still stopping, for ${AGAIN_MS / 1000} s at most`);
    },
  );
  const stopWatching = onFailure((error) => {
    ending.failure ??= { error };
    abort.abort(error);
    clock.start(FAILED_MS);
  });
  const ending: Ending = {
    signal: abort.signal,
    interrupted: false,
    failure: null,
    ranOut: clock.ranOut,
    over: () => abort.abort(new Error("the run is over")),
    stop() {
      clock.stop();
      stopListening();
      stopWatching();
    },
  };
  return ending;
}

/** Nothing here is this process's: two such runs go on side by side, and neither knows of the other. */
function watchSignal(outer: AbortSignal): Ending {
  const abort = new AbortController();
  const interrupt = () => {
    ending.interrupted = true;
    abort.abort(outer.reason);
  };
  const ending: Ending = {
    signal: abort.signal,
    interrupted: false,
    failure: null,
    ranOut: new Promise(() => {}),
    over: () => abort.abort(new Error("the run is over")),
    stop: () => outer.removeEventListener("abort", interrupt),
  };
  if (outer.aborted) interrupt();
  else outer.addEventListener("abort", interrupt, { once: true });
  return ending;
}

/** For somebody who does not want to wait. */
const AGAIN_MS = 10_000;

/** After a failure of our own, something that is waited for may never come. Containers need some seconds to stop. */
const FAILED_MS = 30_000;

/** Rings when the shortest of the times that it was started with is over. */
function createClock() {
  let timer: NodeJS.Timeout | undefined;
  let ringsAtMs = Number.POSITIVE_INFINITY;
  let ring = () => {};
  const ranOut = new Promise<typeof RAN_OUT>((resolve) => {
    ring = () => resolve(RAN_OUT);
  });
  return {
    ranOut,
    /** @returns whether it now rings earlier than it would have */
    start(ms: number): boolean {
      if (performance.now() + ms > ringsAtMs) return false;
      ringsAtMs = performance.now() + ms;
      clearTimeout(timer);
      timer = setTimeout(ring, ms);
      return true;
    },
    stop: () => clearTimeout(timer),
  };
}
