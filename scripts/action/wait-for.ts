import { setTimeout as delay } from "node:timers/promises";
import { parseTargetUrl } from "../../src/cli/target-url.ts";
import { firstContact } from "../../src/probe/first-contact.ts";
import { getRequest } from "../../src/probe/request-bytes.ts";
import { abortAfter } from "../../src/run/abort-after.ts";
import { UsageError } from "../../src/run/exit.ts";
import type { Progress } from "../../src/run/progress.ts";

/**
 * Waits until an app that an earlier step started answers, with anything below 500: a 404 is an app that is up.
 * @param waitOn a URL, or for how many seconds to wait for the app itself
 * @param appUrl the app itself, as `check` takes it
 * @throws UsageError that says why it did not answer in time
 */
export async function waitFor(waitOn: string, appUrl: string, progress: Progress, signal: AbortSignal): Promise<void> {
  const { url, seconds } = readWaitOn(waitOn.trim(), appUrl);
  progress.line(`Waiting for ${url.host}, ${seconds} s at most ...`);
  const endMs = performance.now() + seconds * 1000;
  for (;;) {
    const problem = await problemOf(url, endMs - performance.now(), signal);
    signal.throwIfAborted();
    if (problem === null) return;
    if (performance.now() + PAUSE_MS >= endMs) throw new UsageError(`waited ${seconds} s: ${problem}`);
    await delay(PAUSE_MS, undefined, { signal });
  }
}

/** As start-server-and-test and Playwright have it, a minute and a bit less than a second. */
const DEFAULT_SECONDS = 60;
const PAUSE_MS = 500;

/** @throws UsageError, one line */
export function readWaitOn(waitOn: string, appUrl: string): { url: URL; seconds: number } {
  if (!/^\d+$/.test(waitOn)) return { url: parseTargetUrl("wait-on:", [waitOn]), seconds: DEFAULT_SECONDS };
  const seconds = Number(waitOn);
  if (seconds < 1 || seconds > 900) {
    const port = seconds > 900 && seconds < 65_536 ? `; for a port, wait-on: http://localhost:${waitOn}` : "";
    throw new UsageError(`the input wait-on is "${waitOn}", expected a URL, or 1 to 900 seconds${port}`);
  }
  if (appUrl === "") throw new UsageError(`wait-on is ${waitOn} seconds, and there is no url to wait for: give a URL`);
  return { url: parseTargetUrl("url:", [appUrl]), seconds };
}

/** Why it is not ready; null when it is. */
async function problemOf(url: URL, leftMs: number, signal: AbortSignal): Promise<string | null> {
  const withinMs = Math.max(1000, Math.min(leftMs, 5000));
  try {
    const { status } = await firstContact({
      url,
      request: getRequest(url),
      withinMs,
      signal: abortAfter(withinMs + 1000, signal),
    });
    return status < 500 ? null : `${url.host} answers ${status}: see the app's log`;
  } catch (error) {
    return (error as Error).message;
  }
}
