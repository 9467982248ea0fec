import type { Result, ResultControl, ResultRun } from "../record/result.ts";
import { measured, percent, setting } from "../record/units.ts";

/** The runs as rows under a heading, cells as text: shown both in the terminal and in the Markdown summary. */
export function runRows(result: Pick<Result, "runs" | "control">): string[][] {
  const runs = [...result.runs, ...(result.control ? [result.control] : [])];
  const troubles = TROUBLES.filter(([, count]) => runs.some((run) => run[count] > 0)).map(
    ([heading, count]): Column => [heading, (run) => `${run[count]}`],
  );
  const columns = [...COLUMNS, ...troubles];
  return [columns.map(([heading]) => heading), ...runs.map((run) => columns.map(([, read]) => read(run)))];
}

/** What a probe measured, as one row under a heading. */
export function probeRows({ probe, lb }: Pick<Result, "probe" | "lb">): string[][] {
  const { idleCloseMs, spreadMs, claimedMs, neverUsed, requestLimit, outcome } = probe;
  const ms = (value: number | null | undefined) => (value == null ? "-" : measured(value));
  const limit = requestLimit == null ? "-" : `${requestLimit.requests}${requestLimit.announced ? "" : ", unannounced"}`;
  return [
    [
      "idle connections",
      "idle close",
      "spread",
      "Keep-Alive header",
      "LB's idle timeout",
      "never used",
      "request limit",
    ],
    [
      outcome,
      ms(idleCloseMs),
      ms(spreadMs),
      ms(claimedMs),
      setting(lb.idleTimeoutMs),
      ms(neverUsed?.idleCloseMs),
      limit,
    ],
  ];
}

/** The runs as lines of text. */
export const terminalTable = (result: Pick<Result, "runs" | "control">): string => textTable(runRows(result));

/** Rows of cells as lines: the first column to the left, the others to the right, two spaces between. */
export function textTable(rows: readonly string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join("  ");
  return rows.map(line).join("\n");
}

type Column = [heading: string, read: (run: ResultRun | ResultControl) => string];

const COLUMNS: Column[] = [
  ["run", (run) => run.name],
  ["attempts", (run) => `${run.attempts}`],
  ["in window", (run) => `${run.inWindow}`],
  ["lost there", (run) => `${run.lostInWindow}`],
  ["loss rate (95 %)", (run) => rateOf(run)],
  ["lost in all", (run) => `${run.lost}`],
  ["reused", (run) => `${run.own}`],
  ["fresh", (run) => `${run.fresh}`],
];

/** Shown only where there were any: a sound run has none of them. */
const TROUBLES = [
  ["target down", "down"],
  ["retried", "retried"],
  ["errors", "errors"],
  ["missed", "missed"],
] as const;

function rateOf({ lossRate }: Pick<ResultRun, "lossRate">): string {
  if (lossRate === null) return "-";
  return `${percent(lossRate.estimate)} % (${percent(lossRate.low)}-${percent(lossRate.high)} %)`;
}
