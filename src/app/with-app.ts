import { setTimeout as delay } from "node:timers/promises";
import { InconclusiveError } from "../run/exit.ts";
import type { Run } from "../run/run.ts";
import { type AppSpec, startApp } from "./start-app.ts";

/**
 * Does `body` while the user's app runs, or without starting one where there is nothing to start. The run's end stops the
 * app.
 * @throws InconclusiveError when the app ended by itself meanwhile, whatever came of the body; as startApp()
 */
export async function withApp<T>(run: Run, spec: AppSpec | null, body: () => Promise<T>): Promise<T> {
  if (spec === null) return body();
  const app = await startApp(run, spec);
  const work = body();
  work.catch(() => {}); // one that goes on for a moment when the app has ended
  try {
    const done = await Promise.race([work, app.died]);
    if (app.hasDied()) await app.died;
    return done;
  } catch (error) {
    run.signal.throwIfAborted();
    // Whoever talked to it may notice its end first.
    if (!(error instanceof InconclusiveError && app.hasDied())) await Promise.race([app.died, delay(SOON_MS)]);
    throw error;
  }
}

const SOON_MS = 400;
