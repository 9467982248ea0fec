import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ALB_LOG_FOLDER } from "../alb-log/names.ts";
import { EVIDENCE_FILE } from "../evidence/capture/keep-evidence.ts";
import { type Result, resultSchema } from "../record/result.ts";
import { UsageError } from "../run/exit.ts";
import { type ReportExtras, reportHtml } from "./html/report.ts";
import { junitXml } from "./junit.ts";
import { CLOUDWATCH_FILE } from "./keep-alb-logs.ts";
import { dashboardFile } from "./keep-dashboards.ts";
import { pictureOf } from "./picture/model.ts";
import { pictureSvg } from "./picture/svg.ts";
import { markdownSummary } from "./summary.ts";

/**
 * Writes result.json and what is made from it (junit.xml, summary.md, report.html, and picture.svg where requests were
 * aimed) into `folder`, which is made where it is missing; older ones are replaced.
 * Nobody sees a partial file: all are written aside first, and result.json is moved last, so where it is, the rest is too.
 * Synchronous, so that no signal handler runs in between and leaves the temporary folder behind.
 * @throws UsageError where the folder cannot be written to or the disk is full.
 */
export function writeResult(folder: string, result: Result, extras: ReportExtras = {}): void {
  const picture = pictureOf(result);
  const files = {
    "junit.xml": junitXml(result),
    ...(picture && { "picture.svg": pictureSvg(picture).text }),
    "summary.md": markdownSummary(result),
    "report.html": reportHtml(result, extras),
    "result.json": resultJson(result),
  };
  writeTogether(folder, files);
}

/** Writes all of `files`, by name, moving them there in their order once all are written. @throws UsageError as writeResult */
export function writeTogether(folder: string, files: Record<string, string>): void {
  inTemporaryFolderOf(folder, (temporary) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(temporary, name), text);
    for (const name of Object.keys(files)) renameSync(join(temporary, name), join(folder, name));
  });
}

/** result.json's text, in the order of its schema: what --out keeps and --json prints are the same bytes. */
export const resultJson = (result: Result): string => `${JSON.stringify(resultSchema.parse(result), null, 2)}\n`;

/**
 * Makes the folder and tries to write to it, before a run spends 20 s on a result that cannot be kept. Removes an
 * earlier run's result, which would pass for this run's beside its logs or after its failure.
 * @param written what a run of this command leaves there
 * @throws UsageError as `writeResult` does.
 */
export function prepareFolder(folder: string, written: readonly string[] = WRITTEN): void {
  inTemporaryFolderOf(folder, (temporary) => {
    writeFileSync(join(temporary, "room"), Buffer.alloc(ROOM_BYTES, "alb502"));
    for (const name of written) rmSync(join(folder, name), { recursive: true, force: true });
  });
}

const WRITTEN = [
  ...["result.json", "report.html", "junit.xml", "summary.md", "picture.svg"],
  ...[EVIDENCE_FILE, ALB_LOG_FOLDER, CLOUDWATCH_FILE], // written while the run lasts
  ...["before", "after", "check"].map(dashboardFile),
];

/** Half as much again as a run of 500 attempts takes. Only writing data shows that a disk is full. */
const ROOM_BYTES = 800_000;

/**
 * Calls `write` with a folder that is gone afterwards. Inside `folder`, since a rename is atomic only within one file
 * system; `folder` is made where it is missing.
 * @throws UsageError where that cannot be written to or the disk is full
 */
function inTemporaryFolderOf(folder: string, write: (temporary: string) => void): void {
  let temporary: string | undefined;
  try {
    makeFolder(resolve(folder));
    temporary = mkdtempSync(join(folder, ".alb502-"));
    write(temporary);
  } catch (error) {
    throw unwritable(folder, error);
  } finally {
    if (temporary) rmSync(temporary, { recursive: true, force: true });
  }
}

/** Not mkdirSync's `recursive`: for a folder in /proc, where mkdir answers ENOENT, Node 20.20.2 never returns from it. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

function unwritable(folder: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (!code) return error;
  const name = JSON.stringify(folder); // keeps a name with a line break on the one line
  if (FULL.has(code))
    return new UsageError(`no room to write in ${name} (${code}): free 1 MB there or give --out another folder`);
  return new UsageError(
    `cannot write in ${name} (${code}): give --out a folder that exists or can be made, and may be written to`,
  );
}

/** EFBIG: a limit on the size of files, as `ulimit -f` sets it. */
const FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
