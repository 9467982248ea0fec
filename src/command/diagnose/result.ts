import { type Diagnosis, diagnosisSchema } from "../../diagnose/diagnosis.ts";
import { diagnosisHtml } from "../../report/html/diagnosis/report.ts";
import { prepareFolder, writeTogether } from "../../report/write.ts";
import { EXIT, type ExitCode } from "../../run/exit.ts";
import type { Folder } from "../define.ts";
import { diagnosisMarkdown } from "./summary.ts";
import { breakdowns, causeRows, inputText } from "./tell.ts";

/** diagnosis.json's text: what --out keeps and --json prints are the same bytes. */
export const diagnosisJson = (diagnosis: Diagnosis): string =>
  `${JSON.stringify(diagnosisSchema.parse(diagnosis), null, 2)}\n`;

/** What --out keeps; nobody sees half a file. */
export const DIAGNOSIS_FOLDER: Folder<Diagnosis, unknown> = {
  prepare: (path) => prepareFolder(path, ["report.html", "summary.md", "diagnosis.json"]),
  write: (path, diagnosis) =>
    writeTogether(path, {
      "report.html": diagnosisHtml(diagnosis, {
        input: inputText(diagnosis.input),
        causes: causeRows(diagnosis),
        breakdowns: breakdowns(diagnosis, 20),
      }),
      "summary.md": diagnosisMarkdown(diagnosis),
      "diagnosis.json": diagnosisJson(diagnosis),
    }),
};

/** 0 only where the log was read and the LB made no 5xx. */
export function diagnosisExitCode({ verdict }: Diagnosis): ExitCode {
  switch (verdict) {
    case "race":
    case "errors":
      return EXIT.expectationFailed;
    case "inconclusive":
      return EXIT.inconclusive;
    case "clean":
      return EXIT.asExpected;
  }
}
