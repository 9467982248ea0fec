import { partsForTests } from "../../scripts/parts-for-tests.ts";
import { EXIT } from "../../src/run/exit.ts";
import { catchFailures } from "../../src/run/failure.ts";
import { createProgress } from "../../src/run/progress.ts";
import { type Run, withRun } from "../../src/run/run.ts";
import { catalogueOf, type Numbered } from "./catalogue.ts";
import { calm } from "./faults/calm.ts";
import { type ChaosOptions, chaosCommandLine, chosen } from "./options.ts";
import { type Judged, judge } from "./oracle.ts";
import { play, type Seen } from "./play.ts";
import { randomOf } from "./random.ts";
import { type Row, tableOf } from "./table.ts";

process.exitCode = await main(process.argv.slice(2)).catch((error) => report(error));

/** npm run test:chaos. @returns 0 where nothing was found */
async function main(argv: string[]): Promise<number> {
  catchFailures((error) => process.exit(report(error)));
  const options = chaosCommandLine.parse(argv);
  if (options === null) {
    process.stdout.write(`${chaosCommandLine.help()}\n`);
    return EXIT.asExpected;
  }
  return withRun(createProgress(process.stdout), (run) => runAll(run, options));
}

async function runAll(run: Run, options: ChaosOptions): Promise<number> {
  const { seed, jobs } = options;
  const { line } = run.progress;
  const faults = randomOf(seed)
    .fork("order")
    .shuffled(chosen(catalogueOf(seed), options));
  if (options.list) {
    for (const { number, family, fault } of faults.sort((a, b) => a.number - b.number))
      line(`${number} ${family}: ${fault.name}`);
    return EXIT.asExpected;
  }
  await partsForTests(["haproxy", "k6", "toxiproxy"], run.progress, run.signal);
  line(`seed ${seed}: ${faults.length} faults, ${jobs} at a time`);
  const rows: Row[] = [];
  const playAll = async (some: readonly Numbered[], atOnce: number) => {
    const left = [...some];
    const work = async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        run.signal.throwIfAborted();
        rows.push(await playAndTell(run, next, options));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  };
  const isCalm = ({ family }: Numbered) => family === calm.name;
  const began = performance.now();
  await playAll(faults.filter(isCalm), 1);
  await playAll(
    faults.filter((one) => !isCalm(one)),
    jobs,
  );
  const found = rows.flatMap(({ judged }) => judged.flatMap(({ findings }) => findings));
  line(`\n${tableOf(rows.sort((a, b) => a.family.localeCompare(b.family)))}`);
  line(
    `\nseed ${seed}, ${((performance.now() - began) / 1000).toFixed(0)} s: ${found.length === 0 ? "nothing found" : `${found.length} findings`}`,
  );
  return found.length === 0 ? EXIT.asExpected : EXIT.expectationFailed;
}

async function playAndTell(
  { progress: { line }, signal }: Run,
  { number, family, fault }: Numbered,
  options: ChaosOptions,
): Promise<Row> {
  const leftOut = fault.around?.lacking ?? null;
  if (leftOut !== null) {
    line(`${number} ${family}: ${fault.name}: left out, ${leftOut}`);
    return { family, judged: [], leftOut };
  }
  const seen = await play(fault, signal);
  signal.throwIfAborted();
  const judged = seen.map((one) => judge(fault, one));
  const ends = judged.map(({ outcome }) => outcome).join(", ");
  const took = Math.max(...seen.map(({ tookMs }) => tookMs)) / 1000;
  line(
    `${number} ${family}: ${fault.name}: ${ends} (${took.toFixed(1)} s, ${seen[0]!.done} of ${fault.deeds?.length ?? 0} done)`,
  );
  for (const [index, one] of judged.entries()) {
    for (const { kind, what } of one.findings) line(`  FOUND ${kind}: ${what}`);
    if (options.verbose || one.findings.length > 0) line(quoted(seen[index]!, one, options));
  }
  if (judged.some(({ findings }) => findings.length > 0)) {
    line(`  again: npm run test:chaos -- --seed ${options.seed} --only ${number} --verbose`);
  }
  return { family, judged, leftOut };
}

/** What it printed; its end only, unless all was asked for. */
function quoted({ stdout, stderr, code, signal }: Seen, _: Judged, { verbose }: ChaosOptions): string {
  const lines = `${stderr}${verbose ? stdout : reasonsIn(stdout)}`.split("\n").filter(Boolean);
  const shown = verbose ? lines : lines.slice(-8);
  return [...shown, `exit ${code ?? signal}`].map((text) => `  | ${text.slice(0, 400)}`).join("\n");
}

function reasonsIn(stdout: string): string {
  try {
    const { verdict, reasons } = JSON.parse(stdout) as { verdict: string; reasons: string[] };
    return `${verdict}: ${reasons.join(" ")}\n`;
  } catch {
    return stdout;
  }
}

function report(error: unknown): number {
  const { exitCode, message } = error as Error & { exitCode?: number };
  console.error(exitCode === undefined ? error : `chaos: ${message}`);
  return exitCode ?? 2;
}
