/** The one of `names` that somebody who wrote `name` most likely meant; null where none is near. */
export function nearest(name: string, names: readonly string[]): string | null {
  const [best] = names
    .map((one) => ({ one, changes: changesBetween(plain(name), plain(one)) }))
    .sort((a, b) => a.changes - b.changes);
  if (best === undefined) return null;
  const isNear = best.changes <= Math.max(1, Math.floor(best.one.length / 3));
  // "idle" is a part of idleTimeout, and far from it by its letters.
  const part = names.find((one) => plain(one).includes(plain(name)) || plain(name).includes(plain(one)));
  return isNear ? best.one : (part ?? null);
}

/** idle-timeout, idle_timeout and idleTimeout are one. */
const plain = (name: string): string => name.toLowerCase().replace(/[-_\s]/g, "");

/** How many letters have to be changed, added or left out (Levenshtein). */
function changesBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      next.push(Math.min(row[j - 1]! + same, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}
