import { EnvironmentError } from "./exit.ts";

/**
 * From now on, an error that comes to nobody who awaits it goes to the run that is going on, so that what it started is
 * stopped before this process ends: what is thrown in a callback, what is rejected unseen, and what keeps standard output
 * or error from being written.
 * @param withoutRun takes those that come before, between and after runs
 */
export function catchFailures(withoutRun: (error: unknown) => void): void {
  const failed = (error: unknown) => (listeners.at(-1) ?? withoutRun)(error);
  process.on("uncaughtException", failed); // an unhandled rejection comes as one
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", ({ code }: NodeJS.ErrnoException) => {
      // `npm run demo | head` is no failure: whoever read has read enough.
      if (code === "EPIPE") return;
      failed(new EnvironmentError(`what was to be printed could not be written (${code})`, "make room for it"));
    });
  }
}

/** `listener` takes the failures of this process until the returned function is called. */
export function onFailure(listener: (error: unknown) => void): () => void {
  listeners.push(listener);
  return () => void listeners.splice(listeners.indexOf(listener), 1);
}

const listeners: ((error: unknown) => void)[] = [];
