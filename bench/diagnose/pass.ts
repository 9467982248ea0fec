import { runDiagnose } from "../../src/command/diagnose/run.ts";
import { sourcesOf } from "../../src/diagnose/sources.ts";

/** One reading of some logs in a process of its own, so that its peak memory is that reading's, threads included. */
export interface Pass {
  ms: number;
  lines: number;
  peakMb: number;
}

/** Prints a Pass as JSON. argv: the files. */
async function main(files: string[]): Promise<void> {
  const began = performance.now();
  const progress = { line: () => {}, transient: () => {}, paint: (_: unknown, text: string) => text };
  const run = { signal: new AbortController().signal, progress };
  const { lines } = (await runDiagnose(run, await sourcesOf(files))).input;
  const pass: Pass = { ms: performance.now() - began, lines, peakMb: process.resourceUsage().maxRSS / 1024 };
  process.stdout.write(JSON.stringify(pass));
}

await main(process.argv.slice(2));
