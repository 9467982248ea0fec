import { sleep } from "k6";
import exec from "k6/execution";

/** Milliseconds since the test began, with fractions: Date.now() has whole ones, and the window may be one wide. */
export const nowMs = (): number => exec.instance.currentTestRunDuration;

/**
 * Waits until `nowMs()` is `atMs`, to about 0.05 ms. Returns at once when that has passed.
 * @param spinMs how long before that to be awake; 0 for many users at once, who would keep each other from the cores
 */
export function waitUntil(atMs: number, spinMs = SPIN_MS): void {
  // k6's sleep ends up to 1.1 ms late (Go's netpoll waits in whole ms on Linux), so the last stretch is spun.
  const sleepMs = atMs - nowMs() - spinMs;
  if (sleepMs > 0) sleep(sleepMs / 1000);
  while (nowMs() < atMs);
}

/**
 * The next whole millisecond. A server's timers run in whole ms of its own clock: connections that go idle at the same
 * fraction of one are closed after the same time, the others up to 1 ms apart.
 */
export const onTheMs = (atMs: number): number => Math.ceil(atMs);

const SPIN_MS = 2;
