import { parentPort } from "node:worker_threads";
import type { Filter } from "./filter.ts";
import { type BatchRead, readBatch } from "./read-batch.ts";
import { fileSource } from "./sources.ts";

/** A thread of threads.ts: reads the batches that it is sent. */
export interface Order {
  files: { path: string; size: number }[];
  filter: Filter | null;
}

/** What it tells: bytes of text since it told last, and at the end what it read. */
export interface Told {
  bytes: number;
  read?: BatchRead;
}

const signal = new AbortController().signal; // a thread is ended from outside
let bytes = 0;

parentPort?.on("message", async ({ files, filter }: Order) => {
  const read = await readBatch(files.map(fileSource), {
    filter,
    signal,
    onChunk(more) {
      bytes += more;
      if (bytes < TELL_BYTES) return;
      parentPort?.postMessage({ bytes } satisfies Told);
      bytes = 0;
    },
  });
  parentPort?.postMessage({ bytes, read } satisfies Told);
  bytes = 0;
});

/** Often enough for a progress line. */
const TELL_BYTES = 8e6;
