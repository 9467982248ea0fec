import { availableParallelism } from "node:os";
import { batchesOf, textBytesOf } from "../../diagnose/batches.ts";
import { conclude } from "../../diagnose/conclude.ts";
import type { Filter } from "../../diagnose/filter.ts";
import { type BatchRead, type Reading, readBatch } from "../../diagnose/read-batch.ts";
import type { Source } from "../../diagnose/sources.ts";
import { createReader } from "../../diagnose/tally.ts";
import { startThreads, type Threads } from "../../diagnose/threads.ts";
import type { Run } from "../../run/run.ts";
import { VERSION } from "../../run/version.ts";

/**
 * Reads all sources, on all cores where there are many. A file that is cut off or damaged is named and does not end it.
 * @param filter which requests count; null: all
 */
export async function runDiagnose(
  { signal, progress }: Pick<Run, "signal" | "progress">,
  sources: readonly Source[],
  filter: Filter | null = null,
) {
  const startedAt = new Date();
  const began = performance.now();
  const broken: BatchRead["broken"] = [];
  let [bytes, shownMs] = [0, began];
  const reading: Reading = {
    filter,
    signal,
    onChunk(more, source) {
      bytes += more;
      if (performance.now() - shownMs < 500) return;
      shownMs = performance.now();
      progress.transient(`${(bytes / 1e6).toFixed(0)} MB read, now ${source.name}`);
    },
  };
  const reader = createReader();
  for await (const read of readInOrder(batchesOf(sources), reading)) {
    reader.add(read.part);
    broken.push(...read.broken);
  }
  progress.transient("");
  const tally = reader.end();
  const durationMs = performance.now() - began;
  return conclude(tally, { files: sources.length, bytes, broken, startedAt, durationMs, version: VERSION });
}

/** What was read of each batch, in their order, in which alone they can be added up to the same result each time. */
async function* readInOrder(batches: readonly Source[][], reading: Reading): AsyncGenerator<BatchRead> {
  const threads = await threadsFor(batches);
  try {
    const ahead = threads === null ? 1 : 3 * threads.count;
    const running: Promise<BatchRead>[] = [];
    let next = 0;
    for (let at = 0; at < batches.length; at++) {
      for (; next < batches.length && next < at + ahead; next++) {
        const batch = batches[next]!;
        const inThread = threads !== null && batch[0]!.path !== undefined;
        const read = inThread ? threads.read(batch, reading) : readBatch(batch, reading);
        // Each is awaited in its turn; until then a failure of it is not unhandled.
        read.catch(() => {});
        running.push(read);
      }
      yield await running.shift()!;
    }
  } finally {
    await threads?.end();
  }
}

/** null where they would take longer to start than to do the work. */
async function threadsFor(batches: readonly Source[][]): Promise<(Threads & { count: number }) | null> {
  const count = Math.min(availableParallelism(), batches.length);
  const textBytes = batches.flat().reduce((sum, source) => sum + textBytesOf(source), 0);
  if (count < 2 || textBytes < WORTH_THREADS_BYTES) return null;
  return { ...(await startThreads(count)), count };
}

/** About half a second of one core. */
const WORTH_THREADS_BYTES = 100e6;
