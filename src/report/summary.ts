import type { Result } from "./result.ts";
import { sentenceOf } from "./sentence.ts";
import { runRows } from "./table.ts";

/** The result as short Markdown for a pull request or a job's summary page: verdict, table, reasons, versions, settings. */
export function markdownSummary(result: Result): string {
  const [heading, ...rows] = runRows(result).map((row) => `| ${row.map(cell).join(" | ")} |`);
  const alignment = `|${runRows(result)[0]!
    .map((_, column) => (column === 0 ? "---" : "---:"))
    .join("|")}|`;
  const table = rows.length > 0 ? [heading, alignment, ...rows].join("\n") : "No request was aimed.";
  return `${[
    `## alb502 ${result.command}: ${result.verdict}`,
    cell(sentenceOf(result)),
    table,
    result.reasons.map((reason) => `- ${cell(reason)}`).join("\n"),
    `Versions: ${listed(result.versions)}  \nSettings: ${listed(result.settings)}  \nStarted: ${result.startedAt}`,
  ].join("\n\n")}\n`;
}

function listed(entries: Record<string, unknown>): string {
  const texts = Object.entries(entries).map(([name, value]) => `${name} ${value ?? "-"}`);
  return texts.length > 0 ? cell(texts.join(", ")) : "-";
}

/** A text that stays in its line and cell, whatever a target's name or a path holds; GitHub renders `<` as HTML. */
function cell(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\|<`*_[\]]/g, (mark) => `\\${mark}`);
}
