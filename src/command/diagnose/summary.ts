import type { Diagnosis } from "../../diagnose/diagnosis.ts";
import { cell } from "../../report/markup.ts";
import { breakdowns, causeRows, inputText } from "./tell.ts";

/** summary.md: the result for a pull request or a ticket. */
export function diagnosisMarkdown(diagnosis: Diagnosis): string {
  const { verdict, reasons, input, causes, malformed } = diagnosis;
  const parts = [
    `## alb502 diagnose: ${verdict}`,
    cell(reasons.join(" ")),
    inputText(input),
    ...(causes.length > 0 ? [markdownTable(causeRows(diagnosis))] : []),
    ...causes.map(({ kind, why, doubts, next, quotes }) =>
      [
        `**${kind}**: ${cell([why, ...doubts.map((doubt) => `but ${doubt}`)].join("; "))}. Next: ${cell(next)}.`,
        ...quotes.map(({ text }) => `    ${text}`),
      ].join("\n\n"),
    ),
    ...breakdowns(diagnosis, 20).map(markdownTable),
    ...malformed.map(({ file, line, reason }) => `${cell(file)}:${line} could not be read: ${cell(reason)}`),
  ];
  return `${parts.join("\n\n")}\n`;
}

function markdownTable([heading, ...rows]: string[][]): string {
  const row = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [row(heading!), `|${"---|".repeat(heading!.length)}`, ...rows.map(row)].join("\n");
}
