import type { Source } from "./sources.ts";

/**
 * Sources that are read together, in their order: enough at a time to be worth a thread's while, and few enough for all
 * threads to have work. They do not depend on the number of threads, so that the result does not either.
 */
export function batchesOf(sources: readonly Source[]): Source[][] {
  const batches: Source[][] = [];
  let textBytes = Number.POSITIVE_INFINITY;
  for (const source of sources) {
    const more = textBytesOf(source);
    const last = batches.at(-1);
    const fits = last !== undefined && last.length < MOST_FILES && textBytes + more <= MOST_BYTES;
    if (fits && source.path !== undefined && last[0]!.path !== undefined) last.push(source);
    else {
      batches.push([source]);
      textBytes = 0;
    }
    textBytes += more;
  }
  return batches;
}

/** About; an ALB's lines take a tenth of their size when they are compressed. */
export const textBytesOf = ({ path, size = 0 }: Source): number => (path?.endsWith(".gz") ? 10 * size : size);

const MOST_BYTES = 32e6;
const MOST_FILES = 500;
