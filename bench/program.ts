import { cpus } from "node:os";
import { commandLine, type OptionsConfig, type OptionValues } from "../src/cli/command-line.ts";
import { JSON_OPTION, type OutputOptions } from "../src/cli/output-options.ts";
import { define } from "../src/command/define.ts";
import { textTable } from "../src/report/table.ts";
import { EXIT } from "../src/run/exit.ts";
import type { Run } from "../src/run/run.ts";

/** The answer to one question, all of it from the same run. */
export interface Finding {
  /** Each with its heading first; cells as text. */
  tables: string[][][];
  /** Whole sentences below the tables. */
  says: string[];
  /** Whether the project's promise held. */
  held: boolean;
  /** The same for programs, times in ms. */
  data: Record<string, unknown>;
}

export interface Bench {
  name: string;
  /** For the list of all. */
  question: string;
  /** @returns 0 when the promise held, 1 when not, 130 when interrupted. @throws UsageError, InconclusiveError */
  run(argv: string[]): Promise<number>;
}

/** Makes a command of a measurement: its options, its help, its table, its JSON. */
export function bench<const C extends OptionsConfig>(spec: {
  name: string;
  question: string;
  /** One line per option, indented by two. */
  optionsHelp: string;
  options: C;
  measure: (run: Run, values: OptionValues<C>) => Promise<Finding>;
}): Bench {
  const { name, question, optionsHelp, measure } = spec;
  const called = `npm run bench ${name}`;
  const main = define({
    commandLine: commandLine({
      called,
      help: () => `${called} -- [options]: ${question}\n\n${optionsHelp}\n${COMMON_HELP}`,
      options: { ...spec.options, ...JSON_OPTION },
      read: (values) => ({ ...(values as OptionValues<C> & OutputOptions), out: null }),
    }),
    run: (run, values) => measure(run, values),
    result: ({ data, ...finding }, { json, out, ...settings }, startedAt) => ({
      ...finding,
      report: {
        bench: name,
        held: finding.held,
        startedAt: startedAt.toISOString(),
        durationMs: Date.now() - startedAt.getTime(),
        machine: machine(),
        settings,
        ...data,
      },
    }),
    json: ({ report }) => `${JSON.stringify(report, null, 2)}\n`,
    tell: (progress, { tables, says }) =>
      progress.line(`\n${[...tables.map(textTable), says.join("\n")].join("\n\n")}`),
    exitCode: ({ held }) => (held ? EXIT.asExpected : EXIT.expectationFailed),
  });
  return { name, question, run: main };
}

const COMMON_HELP = `  --json           one JSON object on standard output, and nothing else there
  --help           this text`;

const machine = () => ({ cores: cpus().length, cpu: cpus()[0]?.model ?? "unknown", node: process.versions.node });
