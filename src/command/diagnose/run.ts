import { addAbortSignal } from "node:stream";
import { conclude } from "../../diagnose/conclude.ts";
import type { Diagnosis } from "../../diagnose/diagnosis.ts";
import { eachLine } from "../../diagnose/each-line.ts";
import { ALL, type Filter, wantedBy } from "../../diagnose/filter.ts";
import type { Source } from "../../diagnose/sources.ts";
import { createReader, type Reader } from "../../diagnose/tally.ts";
import type { Run } from "../../run/run.ts";
import { VERSION } from "../../run/version.ts";

/** Reads all sources, one after the other. A file that is cut off or damaged is named and does not end it. */
export async function runDiagnose(
  { signal, progress }: Pick<Run, "signal" | "progress">,
  sources: readonly Source[],
  filter: Filter = ALL,
) {
  const startedAt = new Date();
  const began = performance.now();
  const reader = createReader(wantedBy(filter));
  const broken: Diagnosis["input"]["broken"] = [];
  let [bytes, shownMs] = [0, began];
  for (const source of sources) {
    await readSource(source, reader, signal, (more) => {
      signal.throwIfAborted();
      bytes += more;
      if (performance.now() - shownMs < 500) return;
      shownMs = performance.now();
      progress.transient(`${(bytes / 1e6).toFixed(0)} MB read, now ${source.name}`);
    }).catch((error: NodeJS.ErrnoException) => {
      signal.throwIfAborted();
      // Node's errors of files and of zlib have a code; others are our own.
      if (error.code === undefined) throw error;
      broken.push({ file: source.name, reason: BROKEN[error.code] ?? error.code });
    });
  }
  progress.transient("");
  const tally = reader.end();
  const durationMs = performance.now() - began;
  return conclude(tally, { files: sources.length, bytes, broken, startedAt, durationMs, version: VERSION });
}

export const BROKEN: Record<string, string> = {
  Z_BUF_ERROR: "the gzip file is cut off",
  Z_DATA_ERROR: "the gzip file is damaged",
};

function readSource(
  source: Source,
  reader: Reader,
  signal: AbortSignal,
  onChunk: (bytes: number) => void,
): Promise<void> {
  let number = 0;
  return eachLine(
    // Standard input may stay silent forever.
    addAbortSignal(signal, source.open()),
    (line) => {
      number += 1;
      reader.read(line, source.name, number);
    },
    onChunk,
  );
}
