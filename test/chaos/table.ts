import type { Judged } from "./oracle.ts";

/** A fault that was played: of which family, and how its runs ended. */
export interface Row {
  family: string;
  judged: readonly Judged[];
  /** Why it could not be played here; null where it was. */
  leftOut: string | null;
}

/** One line a family: faults, findings, and how the runs ended, the most frequent first. */
export function tableOf(rows: readonly Row[]): string {
  const families = [...new Set(rows.map(({ family }) => family))];
  const lines = families.map((family) =>
    lineOf(
      family,
      rows.filter((row) => row.family === family),
    ),
  );
  const all = lineOf("all", rows);
  const width = (at: number) => Math.max(...[HEAD, ...lines, all].map((cells) => cells[at]!.length));
  return [HEAD, ...lines, all]
    .map(([name, ...cells]) =>
      [name!.padEnd(width(0)), ...cells.slice(0, 3).map((cell, at) => cell.padStart(width(at + 1))), cells[3]].join(
        "  ",
      ),
    )
    .join("\n");
}

const HEAD = ["family", "faults", "left out", "findings", "ended"];

function lineOf(name: string, rows: readonly Row[]): string[] {
  const judged = rows.flatMap((row) => row.judged);
  const counts = new Map<string, number>();
  for (const { outcome } of judged) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const ended = [...counts].sort((a, b) => b[1] - a[1]).map(([outcome, count]) => `${count} ${outcome}`);
  const leftOut = rows.filter((row) => row.leftOut !== null).length;
  const findings = judged.reduce((sum, one) => sum + one.findings.length, 0);
  return [name, `${rows.length - leftOut}`, `${leftOut}`, `${findings}`, ended.join(", ")];
}
