import { cell } from "../src/report/markup.ts";
import type { LabResult } from "./record.ts";
import { ARTICLES, armRows, LEGEND, notesOn, sumUp } from "./words.ts";

/** The results as short Markdown, for a pull request or docs/field-reports.md. */
export function labMarkdown(result: LabResult): string {
  const parts = result.experiments.flatMap(({ name, article, says, correction, arms }) => [
    `## ${name}`,
    `${cell(ARTICLES[article])}: ${cell(says)}`,
    tableOf(armRows(arms)),
    ...(correction === null ? [] : [`But: ${cell(correction)}`]),
    ...listOf(arms.flatMap(notesOn)),
  ]);
  return `${[`# alb502 lab: ${sumUp(result)}`, ...parts, ...listOf(LEGEND), `Started: ${result.startedAt}`].join("\n\n")}\n`;
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const [heading, ...body] = rows.map((row) => `| ${row.map(cell).join(" | ")} |`);
  return [heading, `|${"---|".repeat(rows[0]!.length)}`, ...body].join("\n");
}

const listOf = (notes: readonly string[]): string[] =>
  notes.length === 0 ? [] : [notes.map((note) => `- ${cell(note)}`).join("\n")];
