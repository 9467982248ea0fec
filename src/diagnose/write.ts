import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../cli/exit.ts";
import { type Diagnosis, diagnosisSchema } from "./diagnosis.ts";
import { diagnosisMarkdown } from "./summary.ts";

/** diagnosis.json's text: what --out keeps and --json prints are the same bytes. */
export const diagnosisJson = (diagnosis: Diagnosis): string =>
  `${JSON.stringify(diagnosisSchema.parse(diagnosis), null, 2)}\n`;

/**
 * Writes diagnosis.json and summary.md into `folder`, which is made where it is missing. Nobody sees half a file.
 * @throws UsageError where that cannot be written to
 */
export function writeDiagnosis(folder: string, diagnosis: Diagnosis): void {
  inside(folder, (temporary) => {
    const files = { "summary.md": diagnosisMarkdown(diagnosis), "diagnosis.json": diagnosisJson(diagnosis) };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(temporary, name), text);
    for (const name of Object.keys(files)) renameSync(join(temporary, name), join(folder, name));
  });
}

/** Before a gigabyte is read for a result that cannot be kept. @throws UsageError as writeDiagnosis does */
export const assertWritable = (folder: string): void => inside(folder, () => {});

/** Inside `folder`, since a rename is atomic only within one file system. */
function inside(folder: string, write: (temporary: string) => void): void {
  let temporary: string | undefined;
  try {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) mkdirSync(folder, { recursive: true });
    temporary = mkdtempSync(join(folder, ".alb502-"));
    write(temporary);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!code) throw error;
    const name = JSON.stringify(folder); // keeps a name with a line break on the one line
    throw new UsageError(
      `cannot write in ${name} (${code}): give --out a folder that may be written to, with room in it`,
    );
  } finally {
    if (temporary) rmSync(temporary, { recursive: true, force: true });
  }
}
