import { type Location, parseLocation, SOMEWHERE } from "../../../alb-log/athena/location.ts";
import { createTable } from "../../../alb-log/athena/table.ts";
import { commandLine } from "../../../cli/command-line.ts";
import { type OutputOptions, outputOf } from "../../../cli/output-options.ts";
import { causesQuery, type Days } from "../../../diagnose/athena/causes-query.ts";
import { insightsQuery } from "../../../diagnose/athena/insights-query.ts";
import { linesView } from "../../../diagnose/athena/lines-view.ts";
import { prepareFolder, writeTogether } from "../../../report/write.ts";
import { EXIT, UsageError } from "../../../run/exit.ts";
import { define } from "../../define.ts";
import { diagnoseCommandLine, OPTIONS } from "../options.ts";

interface AthenaOptions extends OutputOptions {
  location: Location;
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
    read({ csv, ...values }, places): AthenaOptions {
      if (values.json || csv) throw new UsageError(`--athena prints SQL: leave out --${csv ? "csv" : "json"}`);
      if (places.length > 1)
        throw new UsageError("--athena takes one place of logs, s3://...; npm run diagnose -- --help");
      return { ...outputOf(values), location: places[0] === undefined ? SOMEWHERE : parseLocation(places[0]) };
    },
  }),
  run: async (_, { location }) => statementsFor(location, lastWeek(new Date())),
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
    line("-- 3: how many requests failed for each cause; the days are last week's\n");
    line(`${causes};`);
    if (out !== null) line(`\n-- ${FILES.join(", ")} are in ${out}; the last one is for CloudWatch Logs Insights.`);
    else line(`\n-- For a log group instead, in CloudWatch Logs Insights, only the race:\n${commented(insights)}`);
  },
  exitCode: () => EXIT.asExpected,
});

const statementsFor = (location: Location, days: Days): Statements => ({
  "athena-table.sql": createTable(location),
  "athena-lines.sql": linesView(),
  "athena-causes.sql": causesQuery(days),
  "logs-insights.txt": insightsQuery(),
});

/** Seven days, today included. */
const lastWeek = (today: Date): Days => ({ from: partitionOf(today.getTime() - 6 * DAY_MS), to: partitionOf(today) });

const DAY_MS = 86_400_000;
const partitionOf = (day: Date | number): string => new Date(day).toISOString().slice(0, 10).replaceAll("-", "/");

const commented = (text: string): string => text.replace(/^/gm, "-- ");
