import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT, UsageError } from "./exit.ts";
import type { Progress } from "./progress.ts";

/** What one command has while it runs; everything in it ends with the command. */
export interface Run {
  /** Aborted by Ctrl-C, SIGTERM or SIGHUP. */
  signal: AbortSignal;
  progress: Progress;
  /** A folder of this run alone, removed at its end. */
  folder: string;
  /** `undo` is called at the end, however it comes, last one first. */
  defer(undo: () => Promise<void> | void): void;
}

/**
 * Runs `body`, then undoes what it started: on success, failure, Ctrl-C and SIGTERM.
 * @returns the body's exit code, or 130 when it was interrupted.
 * @throws what the body threw.
 */
export async function withRun(progress: Progress, body: (run: Run) => Promise<number>): Promise<number> {
  const abort = new AbortController();
  const undos: (() => Promise<void> | void)[] = [];
  const stopListening = onInterrupt((name) => {
    if (abort.signal.aborted) return;
    progress.line(`${name}: stopping what was started`);
    abort.abort(new Error(`interrupted by ${name}`));
  });
  const folder = await makeRunFolder();
  undos.push(() => rm(folder, { recursive: true, force: true }));
  try {
    const run: Run = { signal: abort.signal, progress, folder, defer: (undo) => void undos.push(undo) };
    return await Promise.race([body(run), rejectOnAbort(abort.signal)]);
  } catch (error) {
    if (abort.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    for (const undo of undos.reverse()) await undo();
    stopListening();
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function onInterrupt(listener: (name: string) => void): () => void {
  for (const name of SIGNALS) process.on(name, listener);
  return () => {
    for (const name of SIGNALS) process.off(name, listener);
  };
}

async function makeRunFolder(): Promise<string> {
  try {
    // Short: the pool's Unix socket lies in it, and a socket's path may have 104 bytes at most (macOS).
    return await mkdtemp(join(tmpdir(), "alb502-"));
  } catch (error) {
    throw new UsageError(`no folder can be made in ${tmpdir()}: ${(error as Error).message}; set TMPDIR to another`);
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
