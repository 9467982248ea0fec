import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Run } from "./run.ts";
import { createUndos } from "./undos.ts";

/**
 * Runs one repetition of a measurement, or several side by side: what it starts ends with it, not with the whole run, and
 * its folder is its own.
 * @throws what the body threw; the signal's reason when the run was interrupted before
 */
export async function isolated<T>(run: Run, body: (run: Run) => Promise<T>): Promise<T> {
  run.signal.throwIfAborted();
  const undos = createUndos();
  run.defer(undos.all, undos.left); // an interrupted run does not wait for the body's end
  // Short, as the run's own: a socket's path has to fit.
  const folder = await mkdtemp(join(run.folder, "i"));
  undos.defer(() => rm(folder, { recursive: true, force: true }));
  try {
    return await body({ ...run, folder, defer: undos.defer });
  } finally {
    await undos.all();
  }
}
