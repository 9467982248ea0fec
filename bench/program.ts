import { cpus } from "node:os";
import type { ParseArgsConfig, parseArgs } from "node:util";
import { parseOptions } from "../src/cli/parse-options.ts";
import { textTable } from "../src/report/table.ts";
import { EXIT } from "../src/run/exit.ts";
import { createProgress } from "../src/run/progress.ts";
import { type Run, withRun } from "../src/run/run.ts";

/** One question, measured. Everything in it comes from the same run. */
export interface Finding {
  /** Each with its heading first; cells as text. */
  tables: string[][][];
  /** Whole sentences below the tables. */
  says: string[];
  /** Whether what the project promises came true. */
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

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>["values"];

/** Makes a command of a measurement: its options, its help, its table, its JSON. */
export function bench<const O extends Options>(spec: {
  name: string;
  question: string;
  /** One line per option, indented by two. */
  optionsHelp: string;
  options: O;
  measure: (run: Run, values: Values<O>) => Promise<Finding>;
}): Bench {
  const { name, question } = spec;
  return { name, question, run: (argv) => runBench(spec, argv) };

  async function runBench({ options, optionsHelp, measure }: typeof spec, argv: string[]): Promise<number> {
    const parsed = parseOptions(`npm run bench ${name}`, argv, { options: { ...options, ...COMMON } });
    const values = parsed.values as Values<O> & { json: boolean; help: boolean };
    if (values.help) {
      process.stdout.write(`npm run bench ${name} -- [options]: ${question}\n\n${optionsHelp}\n${COMMON_HELP}\n`);
      return EXIT.asExpected;
    }
    const progress = createProgress(values.json ? process.stderr : process.stdout);
    return withRun(progress, async (run) => {
      const startedAt = new Date();
      const { tables, says, held, data } = await measure(run, values);
      progress.line(`\n${[...tables.map(textTable), says.join("\n")].join("\n\n")}`);
      const { json, help, ...settings } = values;
      const took = { startedAt: startedAt.toISOString(), durationMs: Date.now() - startedAt.getTime() };
      if (json) {
        const report = { bench: name, held, ...took, machine: machine(), settings, ...data };
        process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
      }
      return held ? EXIT.asExpected : EXIT.expectationFailed;
    });
  }
}

const COMMON = { json: { type: "boolean", default: false }, help: { type: "boolean", default: false } } as const;

const COMMON_HELP = `  --json           one JSON object on standard output, and nothing else there
  --help           this text`;

const machine = () => ({ cores: cpus().length, cpu: cpus()[0]?.model ?? "unknown", node: process.versions.node });
