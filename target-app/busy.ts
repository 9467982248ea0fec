import type { BusyLoad } from "./settings.ts";

/**
 * Blocks the event loop for `share` of the time in blocks of `blockMs`, until the returned function is called.
 *
 * The block runs in setImmediate, after which libuv runs expired timers before it reads sockets: a connection whose
 * idle timer ran out during the block is closed unread, with the request that arrived meanwhile. A block inside a timer
 * callback does not do that, because sockets are read between it and the next timers. The gaps are random
 * (exponential), so that blocks cannot fall in step with idle timers or aimed requests.
 */
export function startBusyLoop({ share, blockMs }: BusyLoad): () => void {
  const meanGapMs = (blockMs * (1 - share)) / share;
  let timer: NodeJS.Timeout;
  let immediate: NodeJS.Immediate | undefined;
  let plannedMs = performance.now();

  const planNext = () => {
    // On an ideal clock, so that the rounding of timers does not wear the share down; but never more than a block
    // behind, or a laptop back from sleep would first catch up on all the blocks it missed.
    plannedMs = Math.max(plannedMs - meanGapMs * Math.log(1 - Math.random()), performance.now() - blockMs);
    const waitMs = Math.max(1, plannedMs - performance.now());
    timer = setTimeout(() => {
      immediate = setImmediate(block);
    }, waitMs);
  };
  const block = () => {
    holdCpu(blockMs);
    plannedMs += blockMs;
    planNext();
  };

  planNext();
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}

/** Keeps this thread computing for `ms` of wall time. */
export function holdCpu(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}
