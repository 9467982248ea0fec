import { ciJob } from "../bench/ci-job.ts";
import { consistency } from "../bench/consistency.ts";
import { containers } from "../bench/containers.ts";
import { cost } from "../bench/cost.ts";
import { demoTime } from "../bench/demo-time.ts";
import { diagnose } from "../bench/diagnose.ts";
import { first502 } from "../bench/first-502.ts";
import { footprint } from "../bench/footprint.ts";
import { hitRate } from "../bench/hit-rate.ts";
import { model } from "../bench/model.ts";
import { noFalseAlarm } from "../bench/no-false-alarm.ts";
import { packageBench } from "../bench/package.ts";
import { packageWalk } from "../bench/package-walk.ts";
import { segments } from "../bench/segments.ts";
import { targets } from "../bench/targets.ts";
import { EXIT, UsageError } from "../src/run/exit.ts";

/** npm run bench: one measurement by its name, or the list of them. @returns the exit code */
export async function main([name, ...argv]: string[]): Promise<number> {
  if (name === undefined || name === "--help") {
    process.stdout.write(`${HELP}\n`);
    return EXIT.asExpected;
  }
  const found = BENCHES.find((bench) => bench.name === name);
  if (found) return found.run(argv);
  const names = BENCHES.map((bench) => bench.name).join(", ");
  throw new UsageError(`there is no measurement "${name}", expected one of ${names}; npm run bench lists them`);
}

const BENCHES = [
  hitRate,
  first502,
  demoTime,
  consistency,
  noFalseAlarm,
  model,
  segments,
  footprint,
  cost,
  containers,
  targets,
  diagnose,
  ciJob,
  packageBench,
  packageWalk,
];

const HELP = `npm run bench NAME -- [options]: the measurements behind docs/benchmarks.md

${BENCHES.map(({ name, question }) => `  ${name.padEnd(16)}${question}`).join("\n")}

npm run bench NAME -- --help lists the options of one. Exit code: 0 what is promised held, 1 it did not, 2 usage or
environment, 3 inconclusive, 130 interrupted.`;
