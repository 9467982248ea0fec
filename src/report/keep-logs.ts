import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unwritten } from "../run/unwritten.ts";
import type { Stage } from "../stage/stage.ts";

/**
 * Writes what each part of each stage wrote to `folder`/STAGE-PART.log.
 * @throws UsageError when the disk is full or the folder is gone; no partial log stays
 */
export async function keepLogs(
  folder: string,
  stages: readonly Pick<Stage, "name" | "logs" | "ours">[],
): Promise<void> {
  for (const { name, logs, ours } of stages) {
    for (const part of ours) {
      await keep(join(folder, `${name}-${part}.log`), logs[part].map((line) => `${line}\n`).join(""));
    }
  }
}

/** Writes a file whole, or not at all. @throws UsageError as keepLogs does */
export async function keep(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    await rm(file, { force: true }).catch(() => {});
    throw unwritten("log", file, error as NodeJS.ErrnoException);
  }
}
