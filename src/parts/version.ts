import type { PartFacts } from "./part.ts";

/** The version in a program's own output, e.g. "2.6.12"; null when it has none. */
export function parseVersion(output: string, pattern: RegExp): string | null {
  return pattern.exec(output)?.[1] ?? null;
}

/** Negative when `a` is older than `b`, 0 when equal, positive when newer; a missing number counts as 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether `version` is within what the part may be. */
export function isAccepted(version: string, { atLeast, below }: Pick<PartFacts, "atLeast" | "below">): boolean {
  return compareVersions(version, atLeast) >= 0 && (below === null || compareVersions(version, below) < 0);
}

const numbers = (version: string): number[] => version.split(".").map(Number);
