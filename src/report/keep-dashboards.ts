import { closeSync, constants, existsSync, openSync, readFileSync } from "node:fs";
import { keepFiles } from "../run/out-folder.ts";
import type { Stage } from "../stage/stage.ts";

/** The name that keepDashboards() gives to a stage's. */
export const dashboardFile = (stage: string): string => `${stage}-k6-dashboard.html`;

/**
 * Keeps k6's own web dashboards in `folder`.
 * @returns their names; a k6 whose run was too short leaves none
 * @throws as keepFiles()
 */
export function keepDashboards(folder: string, stages: readonly Pick<Stage, "name" | "k6">[]): string[] {
  const there = stages.filter(({ k6 }) => existsSync(k6.dashboard.file));
  for (const { name, k6 } of there) keepFiles(folder, { [dashboardFile(name)]: read(k6.dashboard.file) });
  return there.map(({ name }) => dashboardFile(name));
}

/** Not through a link: a container's k6 may write to that folder. */
function read(file: string): Buffer {
  const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}
