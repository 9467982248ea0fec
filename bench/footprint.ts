import type { AimChoice } from "../src/cli/aim-option.ts";
import { parseLbIdleMs } from "../src/cli/lb-options.ts";
import { duration } from "../src/cli/values.ts";
import { checkCommandLine } from "../src/command/check/options.ts";
import { checkFound } from "../src/command/check/result.ts";
import { runCheck } from "../src/command/check/run.ts";
import { isolated } from "../src/run/isolated.ts";
import type { Run } from "../src/run/run.ts";
import { bundleTargetApp } from "../src/stage/bundle.ts";
import { startTarget } from "../src/stage/native/start-target.ts";
import type { TargetEnvironment } from "../src/stage/target-environment.ts";
import { countFootprint, type Footprint } from "./footprint/count.ts";
import { bench, type Finding } from "./program.ts";
import { BENCH_RUNTIME, BENCH_RUNTIME_HELP, benchRuntime, FIXED, UNFIXED } from "./scene.ts";

/** One check each of an unfixed and a fixed target, aimed both ways, as the target itself saw it. */
export const footprint = bench({
  name: "footprint",
  question: "how many connections and requests does a check make to somebody's app?",
  optionsHelp: `  --lb-idle TIME   the LB's idle timeout, which a check of a fixed app waits for (default 60s)
${BENCH_RUNTIME_HELP}`,
  options: { "lb-idle": { type: "string", default: "60s" }, ...BENCH_RUNTIME },
  async measure(run, values) {
    const settings = ["--lb-idle", duration(parseLbIdleMs(values["lb-idle"]))];
    settings.push("--runtime", benchRuntime(values.runtime));
    const silent: Run = { ...run, progress: { ...run.progress, line() {}, transient() {} } };
    const checks: Check[] = [];
    for (const target of ["unfixed", "fixed"] as const) {
      for (const aim of ["close", "clock"] as const) {
        const check = await isolated(silent, (inner) => checkOnce(inner, target, aim, settings));
        checks.push(check);
        run.progress.line(`${target}, --aim ${aim}: ${check.verdict}`);
      }
    }
    return sumUp(checks);
  },
});

const TARGETS: Record<"unfixed" | "fixed", { environment: TargetEnvironment; verdict: string }> = {
  unfixed: { environment: UNFIXED, verdict: "lost" },
  fixed: { environment: FIXED, verdict: "clean" },
};

interface Check extends Footprint {
  target: keyof typeof TARGETS;
  aim: AimChoice;
  verdict: string;
  reasons: string[];
}

async function checkOnce(
  run: Run,
  name: keyof typeof TARGETS,
  aim: AimChoice,
  settings: readonly string[],
): Promise<Check> {
  const log: string[] = [];
  const target = await startTarget({
    bundle: await bundleTargetApp(run.folder),
    environment: TARGETS[name].environment,
    onLine: (line) => void log.push(line),
    signal: run.signal,
  });
  run.defer(() => target.process.stop());
  const options = checkCommandLine.parse([target.url, "--aim", aim, ...settings])!;
  const { verdict, reasons } = checkFound(await runCheck(run, options), options);
  await target.process.stop();
  return { target: name, aim, verdict, reasons, ...countFootprint(log) };
}

function sumUp(checks: readonly Check[]): Finding {
  return {
    tables: [
      [
        ["target", "--aim", "verdict", "connections", "most at once", "requests", "of them through the LB"],
        ...checks.map(({ target, aim, verdict, connections, mostAtOnce, requests, throughLb }) => [
          ...[target, aim, verdict],
          ...[connections, mostAtOnce, requests, throughLb].map(String),
        ]),
      ],
    ],
    says: [
      "Counted by the target. Up to 110 requests on one connection ask how many a connection may carry; they are in all rows.",
      `Promised: no more than ${MOST_AT_ONCE} connections at once where it aims at the close, and the verdict that is due.`,
      ...checks.filter(isWrong).map(({ target, aim, reasons }) => `${target}, --aim ${aim}: ${reasons.join(" ")}`),
    ],
    held: checks.every((check) => !isWrong(check) && (check.aim === "clock" || check.mostAtOnce <= MOST_AT_ONCE)),
    data: { checks },
  };
}

/** As many as `check` is asked for by default (--connections). */
const MOST_AT_ONCE = 10;

const isWrong = ({ target, verdict }: Check): boolean => verdict !== TARGETS[target].verdict;
