import { KINDS } from "../../diagnose/cause.ts";
import { failuresOf } from "../../diagnose/counts.ts";
import type { Diagnosis } from "../../diagnose/diagnosis.ts";
import { percent } from "../../diagnose/doubts.ts";
import { textTable } from "../../report/table.ts";
import type { Progress } from "../../run/progress.ts";
import type { DiagnoseOptions } from "./options.ts";

/** The result as lines for people, the answer first. */
export function tellDiagnosis({ line, paint }: Progress, diagnosis: Diagnosis, { out }: DiagnoseOptions): void {
  const { verdict, reasons, input, causes, malformed } = diagnosis;
  line(`${paint(COLOURS[verdict], verdict.toUpperCase())}: ${reasons[0]}`);
  for (const reason of reasons.slice(1)) line(reason);
  line("");
  line(inputText(input));
  if (causes.length > 0) line(`\n${textTable(causeRows(diagnosis))}`);
  for (const { kind, why, next, quotes } of causes) {
    line(`\n${paint("bold", kind)}: ${why}`);
    line(`  next: ${next}`);
    for (const quote of quotes.slice(0, TOLD_QUOTES)) line(`  ${quote.file}:${quote.line}: ${quote.text}`);
  }
  for (const table of breakdowns(diagnosis, TOLD_ROWS)) line(`\n${textTable(table)}`);
  for (const { file, line: number, reason, text } of malformed.slice(0, TOLD_QUOTES))
    line(`\n${file}:${number} could not be read: ${reason}\n  ${text}`);
  if (out !== null) line(`\nreport.html, summary.md and diagnosis.json are in ${out}`);
}

const COLOURS = { race: "red", errors: "red", inconclusive: "yellow", clean: "green" } as const;
const TOLD_QUOTES = 2;
const TOLD_ROWS = 5;

/** "3 files, 1.2 MB, 4000 lines: 3990 requests from ... to ..., 10 lines that could not be read." */
export function inputText({ files, bytes, lines, requests, malformed, firstAt, lastAt }: Diagnosis["input"]): string {
  const time = firstAt === null ? "" : ` from ${firstAt} to ${lastAt}`;
  const unread = malformed === 0 ? "" : `, ${malformed} ${malformed === 1 ? "line" : "lines"} that could not be read`;
  const size = bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  return `${files} ${files === 1 ? "file" : "files"}, ${size}, ${lines} lines: ${requests} requests${time}${unread}.`;
}

/** Causes as rows under a heading. */
export function causeRows({ causes, input }: Diagnosis): string[][] {
  const share = (count: number) => (input.onlyErrors ? "?" : percent(count / input.requests));
  return [
    ["cause", "requests", "of all", "sure", "first", "last"],
    ...causes.map(({ kind, count, sure, firstAt, lastAt }) => [kind, `${count}`, share(count), sure, firstAt, lastAt]),
  ];
}

/** Failures by target, hour and route, as tables; empty tables are left out. */
export function breakdowns({ causes, targets, hours, routes }: Diagnosis, rows: number): string[][][] {
  const kinds = KINDS.filter((kind) => causes.some((cause) => cause.kind === kind));
  const table = (heading: string, { listed, others }: Diagnosis["targets"]): string[][] => {
    const failing = listed.filter((entry) => failuresOf(entry) > 0);
    // The worst ones, in the order in which they are listed.
    const worst = [...failing].sort((a, b) => failuresOf(b) - failuresOf(a)).slice(0, rows);
    const shown = failing.filter((entry) => worst.includes(entry));
    const left = failing.length - shown.length + (others && failuresOf(others) > 0 ? 1 : 0);
    return [
      [heading, "requests", ...kinds],
      ...shown.map(({ name, requests, failed }) => [
        name,
        `${requests}`,
        ...kinds.map((kind) => `${failed[kind] ?? 0}`),
      ]),
      ...(left > 0 ? [["others: see --json", "", ...kinds.map(() => "")]] : []),
    ];
  };
  if (kinds.length === 0) return [];
  return [table("target", targets), table("hour (UTC)", hours), table("route", routes)];
}
