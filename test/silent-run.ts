import type { Run } from "../src/run/run.ts";

/** A run without progress, for what is started outside of a command; its undos are the test's to call. */
export function silentRun(folder: string): { run: Run; undos: (() => Promise<void> | void)[] } {
  const undos: (() => Promise<void> | void)[] = [];
  const run: Run = {
    signal: new AbortController().signal,
    progress: { line() {}, transient() {}, paint: (_style, text) => text },
    folder,
    defer: (undo) => void undos.push(undo),
  };
  return { run, undos };
}
