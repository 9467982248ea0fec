import type { OutputOptions } from "../../cli/output-options.ts";
import { ORIGIN_WORDS } from "../../parts/part.ts";
import { called } from "../../run/called.ts";
import type { Progress } from "../../run/progress.ts";
import type { DoctorReport, Finding } from "./result.ts";

/** The report for people; it says nothing that is not in doctor.json, so that --json stays the only output. */
export function tellDoctor(progress: Progress, report: DoctorReport, { json, out }: OutputOptions): void {
  if (json) return;
  progress.line(doctorTable(report));
  if (report.removed !== null) progress.line(`\n${report.removed}`);
  if (out !== null) progress.line(`\ndoctor.json is in ${out}`);
}

/** A line per part, what to get below, and the sentence that says whether the demo can run. */
function doctorTable(report: DoctorReport): string {
  const { parts } = report;
  const rows = [["part", "version", "what it is for", "where"], ...parts.map(row)];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  const lines = rows.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  const notes = parts.filter(({ get }) => get !== null).map(({ name, get }) => `${name}: ${get}`);
  return [...lines, "", ...notes, ...(notes.length > 0 ? [""] : []), verdictOf(report)]
    .map((line) => line.trimEnd())
    .join("\n");
}

function verdictOf({ native, docker }: DoctorReport): string {
  if (native && docker) return `The demo can run, in Docker and natively: ${called("demo")}`;
  if (native) return `The demo can run: ${called("demo")}`;
  if (docker)
    return `The demo can run in Docker, if its images are there or can be pulled: ${called("demo")}; natively not yet, see above.`;
  return "The demo cannot run yet: see the lines above.";
}

const row = ({ name, version, purpose, path, status, origin }: Finding): string[] => [
  name,
  version ?? "-",
  purpose,
  status === "found" ? `${path!}${origin ? ` (${ORIGIN_WORDS[origin]})` : ""}` : STATUS_WORDS[status],
];

const STATUS_WORDS = {
  "on-first-use": "not there yet: the set-up gets it on first use",
  missing: "MISSING: see below",
  optional: "not there (optional)",
} as const;
