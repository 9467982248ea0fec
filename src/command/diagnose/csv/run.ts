import { conclude } from "../../../diagnose/conclude.ts";
import type { Diagnosis } from "../../../diagnose/diagnosis.ts";
import { createErrors, type ErrorLine } from "../../../diagnose/errors.ts";
import { type Filter, wantedBy } from "../../../diagnose/filter.ts";
import { readBatch } from "../../../diagnose/read-batch.ts";
import type { Source } from "../../../diagnose/sources.ts";
import { createReader } from "../../../diagnose/tally.ts";
import { csvRow } from "../../../report/csv.ts";
import type { Run } from "../../../run/run.ts";
import { VERSION } from "../../../run/version.ts";

/**
 * Reads all sources, one after the other, and hands on a row for each 5xx as it comes: memory grows neither with the log
 * nor with its errors.
 * @param write takes a piece of the file
 * @returns what the log says as a whole, for the exit code
 */
export async function writeErrors(
  { signal, progress }: Pick<Run, "signal" | "progress">,
  sources: readonly Source[],
  filter: Filter | null,
  write: (text: string) => void,
): Promise<Diagnosis> {
  const startedAt = new Date();
  const began = performance.now();
  const errorsIn = createErrors(filter === null ? null : wantedBy(filter));
  let [bytes, shownMs, rows] = [0, began, csvRow(HEADING)];
  const { part, broken } = await readBatch(sources, {
    filter,
    signal,
    onLine(line, { name }, number) {
      for (const error of errorsIn(line, name)) rows += csvRow([...cellsOf(error), name, `${number}`]);
    },
    onChunk(more, { name }) {
      bytes += more;
      write(rows);
      rows = "";
      if (performance.now() - shownMs < 500) return;
      shownMs = performance.now();
      progress.transient(`${(bytes / 1e6).toFixed(0)} MB read, now ${name}`);
    },
  });
  write(rows);
  progress.transient("");
  const reader = createReader();
  reader.add(part);
  const durationMs = performance.now() - began;
  return conclude(reader.end(), { files: sources.length, bytes, broken, startedAt, durationMs, version: VERSION });
}

const HEADING = [
  ...["time", "elb_status_code", "target_status_code", "cause", "sure", "target", "method", "route"],
  ...["request_processing_time", "target_processing_time", "response_processing_time", "error_reason", "file", "line"],
];

function cellsOf(error: ErrorLine): string[] {
  const { time, elbStatus, targetStatus, kind, sure, target, method, route, times, reason } = error;
  return [time, elbStatus, targetStatus, kind, sure, target, method, route, ...times, reason];
}
