/**
 * A map that takes a limited number of keys and counts all later ones under OTHERS: a log can have any number of paths,
 * memory cannot. First come, first served, which in a log means the frequent ones.
 */
export interface Bounded<T> {
  get(key: string): T;
  entries(): [string, T][];
  /** What later keys are counted under, made where there is none yet. */
  rest(): T;
  /** What came after the last free place; null when nothing did. */
  others(): T | null;
}

export function createBounded<T>(limit: number, create: () => T): Bounded<T> {
  const kept = new Map<string, T>();
  let others: T | null = null;
  const rest = (): T => {
    others ??= create();
    return others;
  };
  return {
    get(whole) {
      const key = whole.length > LONGEST_KEY ? whole.slice(0, LONGEST_KEY) : whole;
      const found = kept.get(key);
      if (found !== undefined) return found;
      if (kept.size >= limit) return rest();
      const made = create();
      kept.set(keptKey(key), made);
      return made;
    },
    entries: () => [...kept],
    rest,
    others: () => others,
  };
}

/** Keys that are alike up to here are counted as one: a line may have a megabyte, and 1000 of them a gigabyte. */
export const LONGEST_KEY = 500;

/** A key as it may be kept: a copy. V8 makes a slice hold on to the whole text that was read. */
export const keptKey = (key: string): string => Buffer.from(key.slice(0, LONGEST_KEY), "latin1").toString("latin1");
