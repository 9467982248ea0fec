import { commandLine } from "../../src/cli/command-line.ts";
import { parseWholeNumber } from "../../src/cli/values.ts";
import { UsageError } from "../../src/run/exit.ts";
import { FAMILIES, type Numbered } from "./catalogue.ts";

export interface ChaosOptions {
  seed: number;
  /** Numbers and names of families; none = all. */
  only: readonly string[];
  jobs: number;
  verbose: boolean;
  list: boolean;
}

const help = (): string => `npm run test:chaos -- [options]: the real commands, while things go wrong around them

  --seed N     order, moments and amounts are drawn from it (default ${SEED})
  --only WHAT  some of the faults: numbers and families, with commas between: --only 17,network
  --jobs N     so many at a time (default 4)
  --list       names them and plays none
  --verbose    all that they print

Families:
${FAMILIES.map(({ name, what }) => `  ${name.padEnd(14)}${what}`).join("\n")}

Exit code 0 where every end was allowed: no verdict that is wrong, nothing left behind, nothing that hangs. 1 where not.`;

const SEED = 13;

export const chaosCommandLine = commandLine({
  called: "npm run test:chaos",
  help,
  options: {
    seed: { type: "string", default: `${SEED}` },
    only: { type: "string" },
    jobs: { type: "string", default: "4" },
    verbose: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
  },
  read: ({ seed, only, jobs, verbose, list }): ChaosOptions => ({
    seed: parseWholeNumber("--seed", seed, { min: 0, max: 2 ** 31 }),
    only: only?.split(",") ?? [],
    jobs: parseWholeNumber("--jobs", jobs, { min: 1, max: 16 }),
    verbose,
    list,
  }),
});

/** Those that --only names. @throws UsageError for a name that none has */
export function chosen(all: readonly Numbered[], { only }: Pick<ChaosOptions, "only">): readonly Numbered[] {
  const named = (word: string) => all.filter(({ number, family }) => word === family || word === `${number}`);
  const unknown = only.find((word) => named(word).length === 0);
  if (unknown === undefined)
    return only.length === 0 ? all : all.filter((one) => only.some((word) => named(word).includes(one)));
  const names = FAMILIES.map(({ name }) => name).join(", ");
  throw new UsageError(`--only is "${unknown}", expected a number from 1 to ${all.length}, or one of ${names}`);
}
