import { rmSync } from "node:fs";
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
 * Runs `body`, then undoes what it started: on success, failure, Ctrl-C and SIGTERM. The signal is aborted at the end,
 * however it comes: what the body waits for has to end with it, or with the parts that are stopped then.
 * @returns the body's exit code, or 130 when it was interrupted.
 * @throws what the body threw.
 */
export async function withRun(progress: Progress, body: (run: Run) => Promise<number>): Promise<number> {
  const abort = new AbortController();
  const undos: (() => Promise<void> | void)[] = [];
  let interrupted = false;
  const stopListening = onInterrupt((name) => {
    if (interrupted) return;
    interrupted = true;
    progress.line(`${name}: stopping what was started`);
    abort.abort(new Error(`interrupted by ${name}`));
  });
  const folder = await makeRunFolder();
  const removeAtExit = () => rmSync(folder, { recursive: true, force: true }); // an end that runs no `finally`
  process.on("exit", removeAtExit);
  const work = body({ signal: abort.signal, progress, folder, defer: (undo) => void undos.push(undo) });
  try {
    return await Promise.race([work, rejectOnAbort(abort.signal)]);
  } catch (error) {
    if (interrupted) return EXIT.interrupted;
    throw error;
  } finally {
    abort.abort(new Error("the run is over"));
    await undoLastFirst(undos);
    // An interrupted body is still on its way to its end; until there it may have started more and filled the folder.
    await work.catch(() => {});
    await undoLastFirst(undos);
    await rm(folder, { recursive: true, force: true });
    process.off("exit", removeAtExit);
    stopListening();
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function onInterrupt(listener: (name: string) => void): () => void {
  for (const name of SIGNALS) process.on(name, listener);
  const stopWatching = onEndOfNpm(() => listener("npm ended"));
  return () => {
    for (const name of SIGNALS) process.off(name, listener);
    stopWatching();
  };
}

/** npm run passes a SIGTERM to its shell, which ends without a word to us: then nobody would stop the parts. */
function onEndOfNpm(listener: () => void): () => void {
  if (!process.env.npm_lifecycle_event) return () => {};
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) listener();
  }, 250).unref();
  return () => clearInterval(watch);
}

/** Empties `undos` by calling each, the last one first. @throws what the first failing one threw, after all had their turn */
export async function undoLastFirst(undos: (() => Promise<void> | void)[]): Promise<void> {
  let failure: { error: unknown } | undefined;
  for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) {
    // One that fails must not keep the others from their turn.
    await Promise.resolve()
      .then(undo)
      .catch((error) => {
        failure ??= { error };
      });
  }
  if (failure) throw failure.error;
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
