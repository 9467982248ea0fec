import { parseWholeNumber } from "../src/cli/values.ts";
import { type DemoOptions, demoCommandLine } from "../src/command/demo/options.ts";
import { demoFound } from "../src/command/demo/result.ts";
import { type DemoRun, runDemo } from "../src/command/demo/run.ts";
import { readStageLog } from "../src/evidence/stage-log.ts";
import { measureNetwork } from "../src/probe/round-trip.ts";
import type { Result } from "../src/record/result.ts";
import { percent } from "../src/record/units.ts";
import { UsageError } from "../src/run/exit.ts";
import type { Run } from "../src/run/run.ts";
import { spreadOf } from "./figures.ts";
import { isolated } from "./isolated.ts";
import { bench, type Finding } from "./program.ts";
import {
  BENCH_RUNTIME,
  BENCH_RUNTIME_HELP,
  benchRuntime,
  closingAfter,
  FIXED,
  fire,
  prepare,
  type Scene,
  startStages,
} from "./scene.ts";

/** Whole runs one after the other, each with everything restarted, judged as the demo judges. */
export const consistency = bench({
  name: "consistency",
  question: "does every run reproduce the 502, and its absence after the fix?",
  optionsHelp: `  --short N        runs at a target that closes after 1.2 s, about 6 s each (default 100, 0 = none)
  --default N      demos at their default settings, about 16 s each (default 20, 0 = none)
  --nodes N        of the short runs: LB nodes, and users who aim (default 20)
  --rounds N       of the short runs: aimed requests per user (default 2)
${BENCH_RUNTIME_HELP}`,
  options: {
    short: { type: "string", default: "100" },
    default: { type: "string", default: "20" },
    nodes: { type: "string", default: "20" },
    rounds: { type: "string", default: "2" },
    ...BENCH_RUNTIME,
  },
  async measure(run, values) {
    const counts = {
      short: parseWholeNumber("--short", values.short, { min: 0, max: 1000 }),
      default: parseWholeNumber("--default", values.default, { min: 0, max: 200 }),
    };
    if (counts.short + counts.default === 0) {
      throw new UsageError("--short and --default are both 0, expected at least one run; e.g. --short 10");
    }
    const options = demoCommandLine.parse(["--nodes", values.nodes, "--rounds", values.rounds])!;
    const runtime = benchRuntime(values.runtime);
    const scene = await prepare(run, runtime);
    const silent: Run = { ...run, progress: { ...run.progress, line() {}, transient() {} } };
    const short = await repeat(run, "short run", counts.short, () =>
      isolated(silent, async (inner) => judge(await shortRun(inner, scene, options), options)),
    );
    const defaults = demoCommandLine.parse(["--runtime", runtime])!;
    const demos = await repeat(run, "default demo", counts.default, () =>
      isolated(silent, async (inner) => judge(await runDemo(inner, defaults), defaults)),
    );
    return sumUp({ short, "default demo": demos }, scene.versions);
  },
});

/** Node >= 20.18 adds its hidden second to a keepAliveTimeout of 200 ms. */
const SHORT_CLOSE_MS = 1200;

/** The outcome of one run. */
interface Outcome {
  verdict: Result["verdict"];
  reasons: string[];
  before: { inWindow: number; lostInWindow: number };
  after: { attempts: number; inWindow: number; lost: number };
}

/** The demo with a less patient target. */
async function shortRun(run: Run, scene: Scene, { nodes, rounds }: DemoOptions): Promise<DemoRun> {
  const stages = await startStages(run, scene, [
    { name: "before", environment: closingAfter(SHORT_CLOSE_MS), nodes },
    { name: "after", environment: FIXED, nodes },
  ] as const);
  const network = await measureNetwork(stages[0]);
  const aimed = await fire(run, scene, stages, { ...network, nodes, rounds });
  await Promise.all(stages.map((stage) => stage.stop()));
  return {
    runtime: scene.runtime,
    captured: { why: "A measurement." },
    stageLogs: stages.map((stage) => readStageLog(stage, network.rttMs)).filter((log) => log !== null),
    logs: null,
    k6Dashboards: [],
    stages,
    measuredRttMs: network.rttMs,
    aimed,
  };
}

function judge(seen: DemoRun, options: DemoOptions): Outcome {
  const { verdict, reasons, runs } = demoFound(seen, options);
  const [before, after] = runs as [Result["runs"][0], Result["runs"][0]];
  return {
    verdict,
    reasons,
    before: { inWindow: before.inWindow, lostInWindow: before.lostInWindow },
    after: { attempts: after.attempts, inWindow: after.inWindow, lost: after.lost },
  };
}

/** A run that fails as a whole (a part died) counts as inconclusive. */
async function repeat(run: Run, what: string, times: number, once: () => Promise<Outcome>): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  while (outcomes.length < times) {
    const outcome = await once().catch((error: Error) => {
      run.signal.throwIfAborted();
      return failed(error);
    });
    outcomes.push(outcome);
    const why = outcome.verdict === "reproduced" ? "" : ` ${outcome.reasons.join(" ")}`;
    run.progress.line(
      `${what} ${outcomes.length} of ${times}: ${outcome.verdict}; ${shareText(outcome)} lost before, ${outcome.after.lost} of ${outcome.after.attempts} after.${why}`,
    );
  }
  return outcomes;
}

const failed = (error: Error): Outcome => ({
  verdict: "inconclusive",
  reasons: [error.message],
  before: { inWindow: 0, lostInWindow: 0 },
  after: { attempts: 0, inWindow: 0, lost: 0 },
});

const shareText = ({ before }: Outcome): string => `${before.lostInWindow} of ${before.inWindow}`;

function sumUp(kinds: Record<string, Outcome[]>, versions: Record<string, string>): Finding {
  const summaries = Object.entries(kinds)
    .filter(([, outcomes]) => outcomes.length > 0)
    .map(([kind, outcomes]) => {
      const shares = outcomes.flatMap(({ before }) =>
        before.inWindow === 0 ? [] : [before.lostInWindow / before.inWindow],
      );
      return {
        kind,
        runs: outcomes.length,
        reproduced: outcomes.filter(({ verdict }) => verdict === "reproduced").length,
        nineInTen: shares.filter((share) => share >= 0.9).length,
        share: shares.length === 0 ? null : spreadOf(shares),
        lostAfter: outcomes.reduce((sum, { after }) => sum + after.lost, 0),
        attemptsAfter: outcomes.reduce((sum, { after }) => sum + after.attempts, 0),
        outcomes,
      };
    });
  return {
    tables: [
      [
        ["kind", "reproduced", "lost of in-window: min", "median", "runs with 90 % or more", "lost after the fix"],
        ...summaries.map(({ kind, runs, reproduced, nineInTen, share, lostAfter, attemptsAfter }) => [
          kind,
          `${reproduced} of ${runs}`,
          share === null ? "-" : `${percent(share.min)} %`,
          share === null ? "-" : `${percent(share.median)} %`,
          `${nineInTen} of ${runs}`,
          `${lostAfter} of ${attemptsAfter}`,
        ]),
      ],
    ],
    says: summaries.flatMap(({ kind, outcomes }) =>
      outcomes.flatMap(({ verdict, reasons }, i) =>
        verdict === "reproduced" ? [] : [`${kind} ${i + 1}: ${verdict}. ${reasons.join(" ")}`],
      ),
    ),
    held: summaries.every(({ runs, reproduced }) => reproduced === runs),
    data: { versions, kinds: summaries },
  };
}
