import { ALB_LOG_FOLDER } from "../alb-log/names.ts";
import { APP_LOG } from "../app/start-app.ts";
import { EVIDENCE_FILE } from "../evidence/capture/keep-evidence.ts";
import { type Result, resultSchema } from "../record/result.ts";
import { checkFolder, keepFiles } from "../run/out-folder.ts";
import { badgeJson } from "./badge.ts";
import { type ReportExtras, reportHtml } from "./html/report.ts";
import { junitXml } from "./junit.ts";
import { CLOUDWATCH_FILE } from "./keep-alb-logs.ts";
import { dashboardFile } from "./keep-dashboards.ts";
import { logFile, PARTS_WITH_LOGS } from "./keep-logs.ts";
import { pictureOf } from "./picture/model.ts";
import { pictureSvg } from "./picture/svg.ts";
import { markdownSummary } from "./summary.ts";

/**
 * Writes result.json and what is made from it (junit.xml, summary.md, badge.json, report.html, and picture.svg where requests were
 * aimed) into `folder`, which is made where it is missing; alb502's own older ones are replaced.
 * Nobody sees a partial file: all are written aside first, and result.json is moved last, so where it is, the rest is too.
 * @throws UsageError where the folder cannot be written to, or has such a file that alb502 has not written;
 * EnvironmentError where the disk is full
 */
export function writeResult(folder: string, result: Result, extras: ReportExtras = {}): void {
  const picture = pictureOf(result);
  const files = {
    "junit.xml": junitXml(result),
    ...(picture && { "picture.svg": pictureSvg(picture).text }),
    "summary.md": markdownSummary(result),
    "badge.json": badgeJson(result),
    "report.html": reportHtml(result, extras),
    "result.json": resultJson(result),
  };
  writeTogether(folder, files);
}

/** Writes all of `files`, by name. @throws as writeResult() */
export const writeTogether = keepFiles;

/** result.json's text, in the order of its schema: what --out keeps and --json prints are the same bytes. */
export const resultJson = (result: Result): string => `${JSON.stringify(resultSchema.parse(result), null, 2)}\n`;

/**
 * Looks whether a result can be kept in the folder, before a run spends 20 s on it; changes nothing that is there.
 * @param written what a run of this command leaves there; folders with a slash at their end
 * @throws as writeResult()
 */
export const prepareFolder = (folder: string, written: readonly string[] = WRITTEN): void =>
  checkFolder(folder, written);

const STAGES = ["before", "after", "check", "up"];

/** What writeResult() writes. */
export const RESULT_FILES: readonly string[] = [
  "result.json",
  "report.html",
  "junit.xml",
  "summary.md",
  "picture.svg",
  "badge.json",
];

const WRITTEN = [
  ...RESULT_FILES,
  // Written while the run lasts.
  ...[APP_LOG, EVIDENCE_FILE, `${ALB_LOG_FOLDER}/`, CLOUDWATCH_FILE],
  ...STAGES.flatMap((stage) => [...PARTS_WITH_LOGS.map((part) => logFile(stage, part)), dashboardFile(stage)]),
];
