import { type Run, undoLastFirst } from "../src/run/run.ts";

/**
 * Runs one repetition of a measurement: what it starts ends with it, not only with the whole run.
 * @throws what the body threw; the signal's reason when the run was interrupted before
 */
export async function isolated<T>(run: Run, body: (run: Run) => Promise<T>): Promise<T> {
  run.signal.throwIfAborted();
  const undos: (() => Promise<void> | void)[] = [];
  const undoAll = () => undoLastFirst(undos);
  run.defer(undoAll); // an interrupted run does not wait for the body's end
  try {
    return await body({ ...run, defer: (undo) => void undos.push(undo) });
  } finally {
    await undoAll();
  }
}
