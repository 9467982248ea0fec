import { textTable } from "../src/report/table.ts";
import type { Progress } from "../src/run/progress.ts";
import { EXPERIMENTS } from "./experiments/all.ts";
import type { LabResult } from "./record.ts";
import { ARTICLES, armRows, LEGEND, notesOn, sumUp } from "./words.ts";

/** The results by experiment; where none was run, the list of them by article. */
export function tellLab(progress: Progress, result: LabResult): void {
  if (result.experiments.length === 0) {
    progress.line(listing());
    return;
  }
  for (const { name, article, says, correction, arms } of result.experiments) {
    progress.line(`\n${name} (${ARTICLES[article]})\n${says}\n\n${textTable(armRows(arms))}`);
    for (const note of arms.flatMap(notesOn)) progress.line(note);
    if (correction) progress.line(`But: ${correction}`);
  }
  progress.line(`\n${LEGEND.join("\n")}\n${REST}\n\n${sumUp(result)}`);
}

const REST = "docs/field-reports.md: what else each report says, and the command that shows it";

function listing(): string {
  const groups = Object.entries(ARTICLES).map(([id, title]) => {
    const names = EXPERIMENTS.filter(({ article }) => article === id).map(
      ({ name, says }) => `    ${name}\n        ${says}`,
    );
    return names.length === 0 ? null : `  ${title}\n${names.join("\n")}`;
  });
  return `npm run lab -- NAME runs one, --all runs all\n\n${groups.filter((group) => group !== null).join("\n\n")}\n\n${REST}`;
}
