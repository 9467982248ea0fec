import { EnvironmentError } from "./exit.ts";

/**
 * From now on, an error that nobody handles goes to the run in progress, so that what it started is stopped before this
 * process ends: what a callback throws, an unhandled rejection, a failed write to standard output or error.
 * @param withoutRun takes those that come before, between and after runs
 */
export function catchFailures(withoutRun: (error: unknown) => void): void {
  const failed = (error: unknown) => (listeners.at(-1) ?? withoutRun)(error);
  process.on("uncaughtException", failed); // an unhandled rejection comes as one
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", ({ code }: NodeJS.ErrnoException) => {
      // `npm run demo | head` is not a failure: the reader has read enough.
      if (code === "EPIPE") return;
      failed(new EnvironmentError(`the output could not be written (${code})`, "make room for it"));
    });
  }
}

/** `listener` takes the failures of this process until the returned function is called. */
export function onFailure(listener: (error: unknown) => void): () => void {
  listeners.push(listener);
  return () => void listeners.splice(listeners.indexOf(listener), 1);
}

const listeners: ((error: unknown) => void)[] = [];
