import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { EnvironmentError, InconclusiveError } from "../run/exit.ts";
import type { RunningProcess } from "../run/process.ts";

/**
 * Waits until `isReady` answers true: by the part's own word, asked every 10 ms, never by a guess at how long it takes.
 * @throws EnvironmentError with the part's last words when it ends first, or is not ready after `timeoutMs`.
 */
export async function waitUntilReady(
  part: RunningProcess,
  isReady: () => Promise<boolean>,
  { signal, timeoutMs = 10_000 }: { signal: AbortSignal; timeoutMs?: number },
): Promise<void> {
  let gone = false;
  void part.exited.then(() => {
    gone = true;
  });
  for (const endMs = performance.now() + timeoutMs; performance.now() < endMs; ) {
    signal.throwIfAborted();
    if (await isReady().catch(() => false)) return;
    if (gone) throw new EnvironmentError(`${part.name} ended before it was ready: ${lastWords(part)}`);
    await delay(10, undefined, { signal });
  }
  throw new EnvironmentError(`${part.name} was not ready after ${timeoutMs / 1000} s: ${lastWords(part)}`);
}

/** True when `url` answers with 200. */
export async function answersOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(1000) });
  await response.arrayBuffer();
  return response.status === 200;
}

/** True when something listens on that port of loopback; it is asked nothing. */
export const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

/** Rejects with InconclusiveError when a part ends without being stopped; for racing against the work. */
export async function rejectWhenItDies(part: RunningProcess): Promise<never> {
  const { code, signal } = await part.exited;
  if (part.stopping) return new Promise(() => {});
  throw new InconclusiveError(
    `${part.name} exited unexpectedly (${signal ?? `exit code ${code}`}): ${lastWords(part)}`,
  );
}

/** Its last words to people; the lines in JSON are its request log. */
export function lastWords(part: Pick<RunningProcess, "tail">): string {
  const words = part.tail().filter((line) => !line.startsWith("{"));
  return words.slice(-2).join(" | ") || "it said nothing about it";
}
