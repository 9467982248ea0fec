import { existsSync } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { unwritten } from "../run/unwritten.ts";
import type { Stage } from "../stage/stage.ts";

/** The name that keepDashboards() gives to a stage's. */
export const dashboardFile = (stage: string): string => `${stage}-k6-dashboard.html`;

/**
 * Keeps k6's own web dashboards in `folder`.
 * @returns their names; a k6 whose run was too short leaves none
 * @throws UsageError when one cannot be written
 */
export async function keepDashboards(folder: string, stages: readonly Pick<Stage, "name" | "k6">[]): Promise<string[]> {
  const kept: string[] = [];
  for (const { name, k6 } of stages) {
    const { file } = k6.dashboard;
    if (!existsSync(file)) continue;
    const to = join(folder, dashboardFile(name));
    try {
      await copyFile(file, to);
    } catch (error) {
      await rm(to, { force: true }).catch(() => {});
      throw unwritten("dashboard", to, error as NodeJS.ErrnoException);
    }
    kept.push(dashboardFile(name));
  }
  return kept;
}
