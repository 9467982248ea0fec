import { commandLine } from "../src/cli/command-line.ts";
import { OUTPUT_OPTIONS, type OutputOptions, outputHelp, outputOf } from "../src/cli/output-options.ts";
import { parseWholeNumber } from "../src/cli/values.ts";
import { UsageError } from "../src/run/exit.ts";
import type { Experiment } from "./experiment.ts";
import { EXPERIMENTS } from "./experiments/all.ts";

export interface LabOptions extends OutputOptions {
  /** What to run, in the list's order; none = only list them. */
  experiments: readonly Experiment[];
  /** How many arms at a time; most of an arm is waiting. */
  atOnce: number;
}

const help = (): string => `npm run lab -- [NAME...] [options]: what five field reports say of the 502, as experiments

Without a name: the list of them, by article. Each experiment starts its own servers and load balancer, and says what
the article says, what was measured, and whether that is as expected.

  NAME...          the experiments to run
  --all            all of them: about ten minutes
  --at-once N      how many measurements at a time (default 4); each is mostly waiting
${outputHelp("report.html, summary.md and lab.json", "lab.json")}

Exit code: 0 all as expected, 1 something was not, 2 usage or environment, 3 inconclusive, 130 interrupted.`;

export const labCommandLine = commandLine({
  called: "npm run lab",
  help,
  positionals: true,
  options: { all: { type: "boolean", default: false }, "at-once": { type: "string", default: "4" }, ...OUTPUT_OPTIONS },
  read: (values, names): LabOptions => ({
    ...outputOf(values),
    experiments: values.all ? EXPERIMENTS : names.map(experimentOf),
    atOnce: parseWholeNumber("--at-once", values["at-once"], { min: 1, max: 16 }),
  }),
});

function experimentOf(name: string): Experiment {
  const found = EXPERIMENTS.find((one) => one.name === name);
  if (found) return found;
  const names = EXPERIMENTS.map((one) => one.name).join(", ");
  throw new UsageError(`there is no experiment "${name}", expected one of ${names}; npm run lab lists them`);
}
