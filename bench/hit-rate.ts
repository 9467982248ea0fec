import { startK6 } from "../src/aim/start-k6.ts";
import { AIM_HELP, AIM_OPTION, type AimChoice, parseAim } from "../src/cli/aim-option.ts";
import { parseDurationMs, parseWholeNumber } from "../src/cli/values.ts";
import { disagreements } from "../src/evidence/agree.ts";
import { edgeLines } from "../src/evidence/edge-log.ts";
import { measureNetwork } from "../src/probe/round-trip.ts";
import { InconclusiveError } from "../src/run/exit.ts";
import { type Counts, countAttempts } from "../src/verdict/count.ts";
import { clopperPearson } from "../src/verdict/interval.ts";
import { AT_CLOSE_HEADING, type AtClose, atCloseCells, atCloseOf, missedSentences } from "./at-close.ts";
import { rateText, ratioOfRates } from "./figures.ts";
import { bench, type Finding } from "./program.ts";
import { BENCH_RUNTIME, BENCH_RUNTIME_HELP, benchRuntime, fire, prepare, startStages, UNFIXED } from "./scene.ts";

/** Aimed attempts and ordinary traffic, at the same time, each at an unfixed stage of its own. */
export const hitRate = bench({
  name: "hit-rate",
  question: "how much more often does an aimed request meet the 502 than ordinary traffic?",
  optionsHelp: `  --duration TIME  how long the ordinary traffic runs, with its own 20 users (default 2m)
  --nodes N        LB nodes of both stages, and users who aim (default 20)
  --rounds N       aimed requests per user, about 7 s each (default 16, as long as the ordinary traffic)
${AIM_HELP}
${BENCH_RUNTIME_HELP}`,
  options: {
    duration: { type: "string", default: "2m" },
    nodes: { type: "string", default: "20" },
    rounds: { type: "string", default: "16" },
    ...AIM_OPTION,
    ...BENCH_RUNTIME,
  },
  async measure(run, values) {
    const durationMs = parseDurationMs("--duration", values.duration, { minMs: 1000, maxMs: 600_000, example: "2m" });
    const nodes = parseWholeNumber("--nodes", values.nodes, { min: 4, max: 100 });
    const rounds = parseWholeNumber("--rounds", values.rounds, { min: 1, max: 100 });
    const aim = parseAim(values.aim);
    const scene = await prepare(run, benchRuntime(values.runtime));
    const specs = [
      { name: "aimed", environment: UNFIXED, nodes },
      { name: "steady", environment: UNFIXED, nodes },
    ] as const;
    const [aimedStage, steadyStage] = await startStages(run, scene, specs, aim);

    const place = steadyStage.k6;
    const steady = await startK6({
      place,
      bundle: scene.scenarios.steady,
      environment: { TARGET_BASE_URL: place.lbUrl ?? steadyStage.lbUrl, DURATION: `${durationMs}ms` },
      onLine: (line) => steadyStage.logs.k6.push(line),
    });
    run.defer(() => steady.process.stop());
    run.progress.line(`firing aimed requests for ${rounds} rounds, and ${values.duration} of ordinary traffic`);
    const fired = (round: number) => run.progress.transient(`aimed round ${round + 1} of ${rounds} is over`);
    const network = await measureNetwork(aimedStage);
    const aimed = await fire(run, scene, [aimedStage], { ...network, aim, nodes, rounds }, fired);
    run.progress.transient("ordinary traffic is still running");
    await Promise.race([steady.thresholdsHeld, steadyStage.died]);
    await Promise.all([aimedStage.stop(), steadyStage.stop()]);

    const { attempts } = aimed.volleys[0]!;
    const [doubt] = disagreements(attempts, edgeLines(aimedStage.logs.haproxy));
    if (doubt) throw new InconclusiveError(doubt);
    // Counted at the LB: k6's transport repeats some lost requests unseen.
    const statuses = edgeLines(steadyStage.logs.haproxy).map(({ status }) => status);
    const ordinary = { requests: statuses.length, lost: statuses.filter((status) => status === 502).length };
    if (ordinary.requests === 0) throw new InconclusiveError("the ordinary traffic sent no request");
    const atClose = aim === "close" ? atCloseOf(attempts) : null;
    return compare({ counts: countAttempts(attempts), atClose }, ordinary, scene.versions);
  },
});

function compare(
  { counts: aimed, atClose }: { counts: Counts; atClose: AtClose | null },
  steady: { requests: number; lost: number },
  versions: Record<string, string>,
): Finding {
  if (aimed.inWindow === 0) throw new InconclusiveError("no request was aimed inside a known window");
  const rates = {
    inWindow: clopperPearson(aimed.lostInWindow, aimed.inWindow),
    all: clopperPearson(aimed.lost, aimed.attempts),
    steady: clopperPearson(steady.lost, steady.requests),
  };
  const ratios = {
    inWindow: ratioOfRates(rates.inWindow, rates.steady),
    all: ratioOfRates(rates.all, rates.steady),
  };
  return {
    tables: [
      [
        ["requests", "lost (95 % interval)", "times the ordinary rate"],
        [AIMED[atClose ? "close" : "clock"], rateText(aimed.lostInWindow, aimed.inWindow), ratioText(ratios.inWindow)],
        ["aimed, all", rateText(aimed.lost, aimed.attempts), ratioText(ratios.all)],
        ["ordinary traffic", rateText(steady.lost, steady.requests), "1"],
      ],
      ...(atClose ? [[AT_CLOSE_HEADING, atCloseCells(atClose)]] : []),
    ],
    says: [
      "The ratio's interval divides the ends of both 95 % intervals crosswise.",
      ...(atClose ? missedSentences(atClose) : []),
    ],
    held: ratios.all.low > 1,
    data: { versions, aimed, atClose, steady, rates, ratios },
  };
}

const AIMED: Record<AimChoice, string> = {
  close: "aimed, met its connection's close",
  clock: "aimed, inside the window",
};

function ratioText({ estimate, low, high }: ReturnType<typeof ratioOfRates>): string {
  if (estimate === null) return `at least ${low.toFixed(0)}`;
  return `${estimate.toFixed(0)} (${low.toFixed(0)}-${high?.toFixed(0) ?? ""})`;
}
