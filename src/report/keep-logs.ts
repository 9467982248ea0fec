import { keepFiles } from "../run/out-folder.ts";
import type { Stage } from "../stage/stage.ts";

type Part = keyof Stage["logs"];

export const PARTS_WITH_LOGS: readonly Part[] = ["haproxy", "toxiproxy", "target", "k6"];

/** Where the log of a part of a stage is kept. */
export const logFile = (stage: string, part: Part): string => `${stage}-${part}.log`;

/**
 * Writes what each part of each stage wrote to `folder`/STAGE-PART.log.
 * @throws EnvironmentError when the disk is full; no partial log stays
 */
export function keepLogs(folder: string, stages: readonly Pick<Stage, "name" | "logs" | "ours">[]): void {
  for (const { name, logs, ours } of stages) {
    for (const part of ours) {
      keepFiles(folder, { [logFile(name, part)]: logs[part].map((line) => `${line}\n`).join("") });
    }
  }
}
