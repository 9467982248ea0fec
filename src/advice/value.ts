/**
 * How long the target must keep idle connections behind an LB that keeps them for `lbIdleMs`, ms: 5 s longer, and at
 * least 3 %, in steps of 5 s. So 60 s -> 65 s, 600 s -> 620 s, as people know them. The margin covers the coarse clocks of
 * some servers (Bun's ticks are 4 s), and the offset between the two sides' idle periods.
 */
export function keepForMs(lbIdleMs: number): number {
  return Math.ceil((lbIdleMs + Math.max(5000, lbIdleMs * 0.03)) / STEP_MS) * STEP_MS;
}

const STEP_MS = 5000;

/** A template's lines with {ms}, {ms+1000} and {s} filled in. */
export function fill(lines: readonly string[], ms: number): string[] {
  const values: Record<string, number> = { "{ms}": ms, "{ms+1000}": ms + 1000, "{s}": ms / 1000 };
  return lines.map((line) => line.replace(/\{(?:ms|ms\+1000|s)\}/g, (placeholder) => String(values[placeholder])));
}
