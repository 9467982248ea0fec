import type { Run } from "./run.ts";
import { createUndos } from "./undos.ts";

/**
 * Runs one repetition of a measurement: what it starts ends with it, not with the whole run.
 * @throws what the body threw; the signal's reason when the run was interrupted before
 */
export async function isolated<T>(run: Run, body: (run: Run) => Promise<T>): Promise<T> {
  run.signal.throwIfAborted();
  const undos = createUndos();
  run.defer(undos.all, undos.left); // an interrupted run does not wait for the body's end
  try {
    return await body({ ...run, defer: undos.defer });
  } finally {
    await undos.all();
  }
}
