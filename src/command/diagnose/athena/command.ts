import { type Location, parseLocation, SOMEWHERE } from "../../../alb-log/athena/location.ts";
import { createTable } from "../../../alb-log/athena/table.ts";
import { commandLine, type OptionValues } from "../../../cli/command-line.ts";
import { type OutputOptions, outputOf } from "../../../cli/output-options.ts";
import { causesQuery, type Days } from "../../../diagnose/athena/causes-query.ts";
import { insightsQuery } from "../../../diagnose/athena/insights-query.ts";
import { linesView } from "../../../diagnose/athena/lines-view.ts";
import type { Filter } from "../../../diagnose/filter.ts";
import { prepareFolder, writeTogether } from "../../../report/write.ts";
import { called } from "../../../run/called.ts";
import { EXIT, UsageError } from "../../../run/exit.ts";
import { define } from "../../define.ts";
import { filterOf } from "../filter-options.ts";
import { diagnoseCommandLine, OPTIONS } from "../options.ts";

interface AthenaOptions extends OutputOptions {
  location: Location;
  days: Days;
}

/** Statements by the names of the files that --out keeps them in, in the order in which they are run. */
type Statements = Record<(typeof FILES)[number], string>;

const FILES = ["athena-table.sql", "athena-lines.sql", "athena-causes.sql", "logs-insights.txt"] as const;

/** npm run diagnose -- --athena: the same sorting as SQL, for logs that outgrow one machine. */
export const athena = define<AthenaOptions, Statements, Statements>({
  commandLine: commandLine({
    called: diagnoseCommandLine.called,
    help: diagnoseCommandLine.help,
    positionals: true,
    options: OPTIONS,
    read: readAthena,
  }),
  run: async (_, { location, days }) => statementsFor(location, days),
  result: (statements) => statements,
  json: () => "", // refused
  folder: {
    prepare: (path) => prepareFolder(path, FILES),
    write: (path, statements) =>
      writeTogether(path, Object.fromEntries(FILES.map((name) => [name, `${statements[name]}\n`]))),
  },
  tell({ line }, statements, { location, out }) {
    const [table, lines, causes, insights] = FILES.map((name) => statements[name]) as [string, string, string, string];
    line("-- Athena runs one statement at a time. 1: the table, AWS's with the newer columns");
    if (location.placeholders.length > 0) line(`-- Replace ${location.placeholders.join(", ")}, twice each.`);
    line(`${table};\n`);
    line("-- 2: a view of its lines with the cause of each\n");
    line(`${lines};\n`);
    line("-- 3: how many requests failed for each cause, in the days of --from and --to or the last seven\n");
    line(`${causes};`);
    if (out !== null) line(`\n-- ${FILES.join(", ")} are in ${out}; the last one is for CloudWatch Logs Insights.`);
    else line(`\n-- For a log group instead, in CloudWatch Logs Insights, only the race:\n${commented(insights)}`);
  },
  exitCode: () => EXIT.asExpected,
});

/** @throws UsageError naming what is wrong */
function readAthena(values: OptionValues<typeof OPTIONS>, places: readonly string[]): AthenaOptions {
  const { target, route } = values;
  const unfit = [
    "json",
    "csv",
    "verbose",
    ...(target.length > 0 ? ["target"] : []),
    ...(route.length > 0 ? ["route"] : []),
  ];
  const given = unfit.find((name) => values[name as keyof typeof values] !== false);
  if (given !== undefined)
    throw new UsageError(
      `--athena prints SQL for all requests: leave out --${given}, and change the SQL where you want less`,
    );
  if (places.length > 1)
    throw new UsageError(
      `--athena takes one place of logs, s3://...; ${called("diagnose", "--help")} lists the options`,
    );
  return {
    ...outputOf(values),
    location: places[0] === undefined ? SOMEWHERE : parseLocation(places[0]),
    days: daysOf(filterOf(values), Date.now()),
  };
}

/** From and to which day; where they are not given, the seven days that end today. */
function daysOf({ fromMs, toMs }: Filter, nowMs: number): Days {
  const lastMs = toMs === null ? nowMs : toMs - 1;
  return { from: partitionOf(fromMs ?? lastMs - 6 * DAY_MS), to: partitionOf(lastMs) };
}

const DAY_MS = 86_400_000;
const partitionOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10).replaceAll("-", "/");

const statementsFor = (location: Location, days: Days): Statements => ({
  "athena-table.sql": createTable(location),
  "athena-lines.sql": linesView(),
  "athena-causes.sql": causesQuery(days),
  "logs-insights.txt": insightsQuery(),
});

const commented = (text: string): string => text.replace(/^/gm, "-- ");
