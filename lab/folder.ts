import type { Folder } from "../src/command/define.ts";
import { prepareFolder, writeTogether } from "../src/report/write.ts";
import { labHtml } from "./html.ts";
import { labMarkdown } from "./markdown.ts";
import { type LabResult, labSchema } from "./record.ts";

/** lab.json's text: what --out keeps and --json prints are the same bytes. */
export const labJson = (result: LabResult): string => `${JSON.stringify(labSchema.parse(result), null, 2)}\n`;

/** What --out keeps. */
export const LAB_FOLDER: Folder<LabResult, unknown> = {
  prepare: (path) => prepareFolder(path, ["report.html", "summary.md", "lab.json"]),
  write: (path, result) =>
    writeTogether(path, {
      "report.html": labHtml(result),
      "summary.md": labMarkdown(result),
      "lab.json": labJson(result),
    }),
};
