import { type Diagnosis, diagnosisSchema } from "../../diagnose/diagnosis.ts";
import { prepareFolder, writeTogether } from "../../report/write.ts";
import { diagnosisMarkdown } from "./summary.ts";

/** diagnosis.json's text: what --out keeps and --json prints are the same bytes. */
export const diagnosisJson = (diagnosis: Diagnosis): string =>
  `${JSON.stringify(diagnosisSchema.parse(diagnosis), null, 2)}\n`;

/**
 * Writes diagnosis.json and summary.md into `folder`, which is made where it is missing. Nobody sees half a file.
 * @throws UsageError where that cannot be written to
 */
export function writeDiagnosis(folder: string, diagnosis: Diagnosis): void {
  writeTogether(folder, { "summary.md": diagnosisMarkdown(diagnosis), "diagnosis.json": diagnosisJson(diagnosis) });
}

/** Before a gigabyte is read for a result that cannot be kept. @throws UsageError as writeDiagnosis does */
export const prepareDiagnosis = (folder: string): void => prepareFolder(folder, ["summary.md", "diagnosis.json"]);
