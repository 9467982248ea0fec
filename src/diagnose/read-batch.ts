import { readFileSync } from "node:fs";
import { addAbortSignal } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { eachLine } from "./each-line.ts";
import { FileProblem } from "./file-problem.ts";
import { type Filter, wantedBy } from "./filter.ts";
import type { Part } from "./part.ts";
import type { Source } from "./sources.ts";
import { createReader } from "./tally.ts";

/** What was read of some files. */
export interface BatchRead {
  part: Part;
  /** Files that were not read to their end. */
  broken: { file: string; reason: string }[];
}

export interface Reading {
  /** null = every request is wanted. */
  filter: Filter | null;
  signal: AbortSignal;
  /** @param bytes of text */
  onChunk(bytes: number, source: Source): void;
  /** Each line, as latin1, for whoever wants more than the tally; not in another thread. */
  onLine?(line: string, source: Source, number: number): void;
}

/** Reads files one after the other. One that is cut off or damaged is named and does not end it. */
export async function readBatch(sources: readonly Source[], reading: Reading): Promise<BatchRead> {
  const { filter, signal, onChunk, onLine } = reading;
  const reader = createReader(filter === null ? null : wantedBy(filter));
  const broken: BatchRead["broken"] = [];
  for (const source of sources) {
    if (source.size === 0 && source.path?.endsWith(".gz")) {
      broken.push({ file: source.name, reason: "the file is empty, which no gzip file is" });
      continue;
    }
    // Small files wait for nothing; Ctrl-C has to come through all the same.
    await setImmediate();
    signal.throwIfAborted();
    let number = 0;
    await eachLine(
      // Standard input may stay silent forever.
      () => addAbortSignal(signal, source.open()),
      (bytes, start, end) => {
        number += 1;
        if (start === end) return;
        reader.readBytes(bytes, start, end, source.name, number);
        onLine?.(bytes.toString("latin1", start, end), source, number);
      },
      (bytes) => {
        signal.throwIfAborted();
        onChunk(bytes, source);
      },
      { canReopen: source.path !== undefined, whole: wholeIfSmall(source) },
    ).catch((error: NodeJS.ErrnoException) => {
      signal.throwIfAborted();
      if (error instanceof FileProblem) broken.push({ file: source.name, reason: error.message });
      // Node's errors of files have a code; others are our own.
      else if (error.code !== undefined && error.syscall !== undefined)
        broken.push({ file: source.name, reason: error.code });
      else throw error;
    });
  }
  return { part: reader.part(), broken };
}

/** The bytes of a small file; null for others, and where it cannot be read, which its stream says better. */
function wholeIfSmall({ path, size }: Source): Buffer | null {
  if (path === undefined || size === undefined || size > SMALL_BYTES) return null;
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

const SMALL_BYTES = 4 * 1024 * 1024;
