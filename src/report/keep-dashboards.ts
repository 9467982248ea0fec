import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { K6Place } from "../stage/runtime.ts";

/** The name that keepDashboards() gives to a run's. */
export const dashboardFile = (run: string): string => `${run}-k6-dashboard.html`;

/**
 * Keeps k6's own web dashboards in `folder`.
 * @returns their names; of a k6 that left none, as its run was too short, none
 */
export async function keepDashboards(
  folder: string,
  runs: readonly string[],
  k6s: readonly K6Place[],
): Promise<string[]> {
  const kept: string[] = [];
  for (const [i, name] of runs.entries()) {
    const to = dashboardFile(name);
    const found = await copyFile(k6s[i]!.dashboard.file, join(folder, to)).then(
      () => true,
      () => false,
    );
    if (found) kept.push(to);
  }
  return kept;
}
