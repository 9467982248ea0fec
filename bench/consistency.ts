import { AIM_HELP, AIM_OPTION, type AimChoice, parseAim } from "../src/cli/aim-option.ts";
import { parseWholeNumber } from "../src/cli/values.ts";
import { type DemoOptions, demoCommandLine } from "../src/command/demo/options.ts";
import { demoFound } from "../src/command/demo/result.ts";
import { type DemoRun, runDemo, sweepersOf } from "../src/command/demo/run.ts";
import { readStageLog } from "../src/evidence/stage-log.ts";
import { measureNetwork } from "../src/probe/round-trip.ts";
import type { Result } from "../src/record/result.ts";
import { percent } from "../src/record/units.ts";
import { UsageError } from "../src/run/exit.ts";
import { isolated } from "../src/run/isolated.ts";
import type { Run } from "../src/run/run.ts";
import { AT_CLOSE_HEADING, type AtClose, atCloseCells, atCloseOf, missedSentences, pooled } from "./at-close.ts";
import { keepCoresBusy } from "./busy.ts";
import { spreadOf } from "./figures.ts";
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

/** Whole runs one after the other, everything started anew for each, judged as the demo judges. */
export const consistency = bench({
  name: "consistency",
  question: "does every run reproduce the 502, and its absence after the fix?",
  optionsHelp: `  --short N        runs at a target that closes after 1.2 s, about 2 s each (default 100, 0 = none)
  --default N      demos at their default settings, about 7 s each (default 20, 0 = none)
  --nodes N        of the short runs: LB nodes, and users who aim (default 20)
  --rounds N       of the short runs: aimed requests per user (default: the demo's, 1; 2 with --aim clock)
${AIM_HELP}
  --at-once N      how many runs side by side (default 1); each is mostly waiting
  --busy           keep all cores busy with something else meanwhile
${BENCH_RUNTIME_HELP}`,
  options: {
    short: { type: "string", default: "100" },
    default: { type: "string", default: "20" },
    nodes: { type: "string", default: "20" },
    rounds: { type: "string" },
    ...AIM_OPTION,
    "at-once": { type: "string", default: "1" },
    busy: { type: "boolean", default: false },
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
    const aim = parseAim(values.aim);
    const rounds = values.rounds === undefined ? [] : ["--rounds", values.rounds];
    const options = demoCommandLine.parse(["--nodes", values.nodes, ...rounds, "--aim", aim])!;
    const runtime = benchRuntime(values.runtime);
    const defaults = demoCommandLine.parse(["--runtime", runtime, "--aim", aim])!;
    const scene = await prepare(run, runtime);
    const silent: Run = { ...run, progress: { ...run.progress, line() {}, transient() {} } };
    const atOnce = parseWholeNumber("--at-once", values["at-once"], { min: 1, max: 8 });
    const play = async () => ({
      short: await repeat(run, "short run", { times: counts.short, atOnce }, () =>
        isolated(silent, async (inner) => judge(await shortRun(inner, scene, options), options)),
      ),
      "default demo": await repeat(run, "default demo", { times: counts.default, atOnce }, () =>
        isolated(silent, async (inner) => judge(await runDemo(inner, defaults), defaults)),
      ),
    });
    if (!values.busy) return sumUp(await play(), aim, scene.versions);
    const busy = await keepCoresBusy(run);
    return sumUp(await Promise.race([play(), busy.died]), aim, scene.versions);
  },
});

/** Node >= 20.18 adds its hidden second to a keepAliveTimeout of 200 ms. */
const SHORT_CLOSE_MS = 1200;

/** What one run came to. */
interface Outcome {
  verdict: Result["verdict"];
  reasons: string[];
  before: { inWindow: number; lostInWindow: number; atClose: AtClose };
  after: { attempts: number; inWindow: number; lost: number };
  tookMs: number;
}

/** The demo with a less patient target. */
async function shortRun(run: Run, scene: Scene, { nodes, rounds, aim }: DemoOptions): Promise<DemoRun> {
  const specs = [
    { name: "before", environment: closingAfter(SHORT_CLOSE_MS), nodes },
    { name: "after", environment: FIXED, nodes },
  ] as const;
  const stages = await startStages(run, scene, specs, aim);
  const network = await measureNetwork(stages[0]);
  const aimed = await fire(run, scene, stages, { ...network, aim, nodes, rounds, sweepers: sweepersOf(nodes) });
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

function judge(seen: DemoRun, options: DemoOptions): Omit<Outcome, "tookMs"> {
  const { verdict, reasons, runs } = demoFound(seen, options);
  const [before, after] = runs as [Result["runs"][0], Result["runs"][0]];
  return {
    verdict,
    reasons,
    before: { inWindow: before.inWindow, lostInWindow: before.lostInWindow, atClose: atCloseOf(before.samples) },
    after: { attempts: after.attempts, inWindow: after.inWindow, lost: after.lost },
  };
}

/** A run that fails as a whole (a part died) is an inconclusive one among the others. */
async function repeat(
  run: Run,
  what: string,
  { times, atOnce }: { times: number; atOnce: number },
  once: () => Promise<Omit<Outcome, "tookMs">>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let begun = 0;
  const one = async () => {
    const beganMs = performance.now();
    const seen = await once().catch((error: Error) => {
      run.signal.throwIfAborted();
      return failed(error);
    });
    const outcome = { ...seen, tookMs: performance.now() - beganMs };
    outcomes.push(outcome);
    const why = outcome.verdict === "reproduced" ? "" : ` ${outcome.reasons.join(" ")}`;
    run.progress.line(
      `${what} ${outcomes.length} of ${times}: ${outcome.verdict}; ${shareText(outcome)} lost before, ${outcome.after.lost} of ${outcome.after.attempts} after.${why}`,
    );
  };
  const inTurn = async () => {
    while (begun < times) {
      begun += 1;
      await one();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, inTurn));
  return outcomes;
}

const failed = (error: Error): Omit<Outcome, "tookMs"> => ({
  verdict: "inconclusive",
  reasons: [error.message],
  before: { inWindow: 0, lostInWindow: 0, atClose: atCloseOf([]) },
  after: { attempts: 0, inWindow: 0, lost: 0 },
});

const shareText = ({ before }: Outcome): string => `${before.lostInWindow} of ${before.inWindow}`;

function sumUp(kinds: Record<string, Outcome[]>, aim: AimChoice, versions: Record<string, string>): Finding {
  const summaries = Object.entries(kinds)
    .filter(([, outcomes]) => outcomes.length > 0)
    .map(([kind, outcomes]) => summarise(kind, outcomes));
  return {
    tables: [
      [
        [
          "kind",
          "reproduced",
          "lost of in-window: min",
          "median",
          "runs with 90 % or more",
          "lost after the fix",
          "one run, s",
        ],
        ...summaries.map(({ kind, runs, reproduced, nineInTen, share, lostAfter, attemptsAfter, tookMs }) => [
          kind,
          `${reproduced} of ${runs}`,
          share === null ? "-" : `${percent(share.min)} %`,
          share === null ? "-" : `${percent(share.median)} %`,
          `${nineInTen} of ${runs}`,
          `${lostAfter} of ${attemptsAfter}`,
          (tookMs.median / 1000).toFixed(1),
        ]),
      ],
      ...(aim === "close"
        ? [[["kind", ...AT_CLOSE_HEADING], ...summaries.map(({ kind, atClose }) => [kind, ...atCloseCells(atClose)])]]
        : []),
    ],
    says: summaries.flatMap(({ kind, atClose, outcomes }) => [
      ...missedSentences(atClose).map((sentence) => `${kind}: ${sentence}`),
      ...outcomes.flatMap(({ verdict, reasons }, i) =>
        verdict === "reproduced" ? [] : [`${kind} ${i + 1}: ${verdict}. ${reasons.join(" ")}`],
      ),
    ]),
    held: summaries.every(
      ({ runs, reproduced, lostAfter, atClose: { met, lost } }) =>
        reproduced === runs && lostAfter === 0 && (aim === "clock" || lost >= PROMISED_SHARE * met),
    ),
    data: { versions, promisedShare: aim === "close" ? PROMISED_SHARE : null, kinds: summaries },
  };
}

/** The least share of the requests that met their connection's close which is lost, over all runs of a kind. */
const PROMISED_SHARE = 0.999;

function summarise(kind: string, outcomes: readonly Outcome[]) {
  const shares = outcomes.flatMap(({ before }) =>
    before.inWindow === 0 ? [] : [before.lostInWindow / before.inWindow],
  );
  return {
    kind,
    runs: outcomes.length,
    reproduced: outcomes.filter(({ verdict }) => verdict === "reproduced").length,
    nineInTen: shares.filter((share) => share >= 0.9).length,
    share: shares.length === 0 ? null : spreadOf(shares),
    atClose: pooled(outcomes.map(({ before }) => before.atClose)),
    lostAfter: outcomes.reduce((sum, { after }) => sum + after.lost, 0),
    attemptsAfter: outcomes.reduce((sum, { after }) => sum + after.attempts, 0),
    tookMs: spreadOf(outcomes.map(({ tookMs }) => tookMs)),
    outcomes,
  };
}
