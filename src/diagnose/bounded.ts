/**
 * A map that takes a limited number of keys and counts all later ones under OTHERS: a log can have any number of paths,
 * memory cannot. First come, first served, which in a log means the frequent ones.
 */
export interface Bounded<T> {
  get(key: string): T;
  entries(): [string, T][];
  /** What came after the last free place; null when nothing did. */
  others(): T | null;
}

export function createBounded<T>(limit: number, create: () => T): Bounded<T> {
  const kept = new Map<string, T>();
  let others: T | null = null;
  return {
    get(key) {
      const found = kept.get(key);
      if (found !== undefined) return found;
      if (kept.size >= limit) {
        others ??= create();
        return others;
      }
      const made = create();
      kept.set(detached(key), made);
      return made;
    },
    entries: () => [...kept],
    others: () => others,
  };
}

/** A copy. V8 makes a slice hold on to the whole chunk that was read. */
const detached = (text: string): string => Buffer.from(text, "latin1").toString("latin1");
