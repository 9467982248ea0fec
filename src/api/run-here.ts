import type { z } from "zod";
import { problemsOf } from "../command/check/config/problems.ts";
import { EXIT, UsageError } from "../run/exit.ts";
import type { Progress } from "../run/progress.ts";
import { type Run, withRun } from "../run/run.ts";

/** What every call takes besides its own settings. */
export interface CallOptions {
  /** Ends it: all that it started is stopped, then it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Gets each line of what a command would print. Without it nothing is printed. */
  progress?: ((line: string) => void) | undefined;
}

/**
 * A run inside of somebody else's process, a test runner's as a rule: without signal handlers, without output, without an
 * end of the process. Several may go on at once.
 * @throws what the body throws; the signal's reason when it was aborted
 */
export async function runHere<T>({ signal, progress }: CallOptions, body: (run: Run) => Promise<T>): Promise<T> {
  // Made here where none was given: a run without one would take this process's own signals.
  const outer = signal ?? new AbortController().signal;
  outer.throwIfAborted();
  let value: { of: T } | null = null;
  const code = await withRun(
    linesTo(progress ?? (() => {})),
    async (run) => {
      value = { of: await body(run) };
      return EXIT.asExpected;
    },
    outer,
  );
  if (code === EXIT.interrupted || value === null) throw outer.reason;
  return (value as { of: T }).of;
}

/** The call's own settings, without what is no setting. @throws UsageError, one line, for what the schema refuses */
export function settingsOf<S extends z.ZodType>(
  schema: S,
  { signal: _, progress: __, ...settings }: CallOptions & Record<string, unknown>,
): z.input<S> {
  const problems = problemsOf(schema, settings);
  if (problems.length === 0) return settings as z.input<S>;
  throw new UsageError(problems.join("; "));
}

const linesTo = (line: (text: string) => void): Progress => ({ line, transient() {}, paint: (_style, text) => text });
