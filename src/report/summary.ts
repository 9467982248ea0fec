import type { Result } from "../record/result.ts";
import { cell } from "./markup.ts";
import { type Picture, pictureOf } from "./picture/model.ts";
import { pictureText } from "./picture/text.ts";
import { describePicture } from "./picture/words.ts";
import { findingOf, sentenceOf } from "./sentence.ts";
import { probeRows, runRows } from "./table.ts";

/**
 * The result as short Markdown for a pull request or a job's summary page: verdict, picture, table, reasons, versions,
 * settings.
 * @param pictureAs a link to picture.svg beside it; or text, for a page that has no files: GitHub shows no SVG in it
 */
export function markdownSummary(result: Result, pictureAs: "file" | "text" = "file"): string {
  const finding = findingOf(result);
  const picture = pictureOf(result);
  return `${[
    `## alb502 ${result.command}: ${result.verdict}`,
    cell(sentenceOf(result)),
    tableOf(result),
    ...(picture ? [pictureIn(picture, pictureAs)] : []),
    ...listOf(result.reasons.filter((reason) => reason !== finding)),
    ...(result.advice ? [adviceOf(result.advice)] : []),
    `Versions: ${listed(result.versions)}  \nSettings: ${listed(result.settings)}  \nStarted: ${result.startedAt}`,
  ].join("\n\n")}\n`;
}

const listOf = (lines: string[]): string[] =>
  lines.length === 0 ? [] : [lines.map((line) => `- ${cell(line)}`).join("\n")];

function tableOf(result: Result): string {
  const table = result.runs.length > 0 ? runRows(result) : result.command === "probe" ? probeRows(result) : null;
  if (table === null) return "No request was aimed.";
  const [heading, ...rows] = table.map((row) => `| ${row.map(cell).join(" | ")} |`);
  const alignment = `|${table[0]!.map((_, column) => (column === 0 ? "---" : "---:")).join("|")}|`;
  return [heading, alignment, ...rows].join("\n");
}

const pictureIn = (picture: Picture, as: "file" | "text"): string =>
  as === "file" ? `![${cell(describePicture(picture))}](picture.svg)` : indented(pictureText(picture).split("\n"));

const indented = (lines: readonly string[]): string => lines.map((line) => `    ${line}`).join("\n");

/** Indented code, which nothing in a line can end as a fence could. */
function adviceOf({ headline, lines, instead = [], source }: NonNullable<Result["advice"]>): string {
  return [`**${cell(headline)}**`, indented(lines), `Source: ${source}`, indented(instead)]
    .filter((part) => part !== "")
    .join("\n\n");
}

function listed(entries: Record<string, unknown>): string {
  const texts = Object.entries(entries).map(([name, value]) => `${name} ${`${value ?? ""}` || "-"}`);
  return texts.length > 0 ? cell(texts.join(", ")) : "-";
}
