import { SPACING_MS } from "../scenarios/lib/timing.ts";
import type { Volley } from "../src/aim/aim.ts";
import { AIM_HELP, AIM_OPTION, type AimChoice, parseAim } from "../src/cli/aim-option.ts";
import { parseWholeNumber } from "../src/cli/values.ts";
import { disagreements } from "../src/evidence/agree.ts";
import { edgeLines } from "../src/evidence/edge-log.ts";
import { measureNetwork } from "../src/probe/round-trip.ts";
import { percent } from "../src/record/units.ts";
import { InconclusiveError, UsageError } from "../src/run/exit.ts";
import { type Counts, countAttempts } from "../src/verdict/count.ts";
import { clopperPearson } from "../src/verdict/interval.ts";
import { AT_CLOSE_HEADING, type AtClose, atCloseCells, atCloseOf, missedSentences } from "./at-close.ts";
import { rateText } from "./figures.ts";
import { bench, type Finding } from "./program.ts";
import { closingAfter, FIXED, fire, prepare, startStages } from "./scene.ts";

/** An unfixed target tells the gaps, so that the aim is known to be true; fixed ones get them at the same time. */
export const noFalseAlarm = bench({
  name: "no-false-alarm",
  question: "is any of 10,000 aimed requests lost in front of a fixed target?",
  optionsHelp: `  --attempts N     at fixed targets in all, at least (default 10000, about 8 minutes)
  --stages N       fixed stages at the same time (default 2)
  --nodes N        LB nodes of each stage, and users who aim (default 100)
${AIM_HELP}`,
  options: {
    attempts: { type: "string", default: "10000" },
    stages: { type: "string", default: "2" },
    nodes: { type: "string", default: "100" },
    ...AIM_OPTION,
  },
  async measure(run, values) {
    const wanted = parseWholeNumber("--attempts", values.attempts, { min: 1, max: 100_000 });
    const fixedStages = parseWholeNumber("--stages", values.stages, { min: 1, max: 4 });
    const nodes = parseWholeNumber("--nodes", values.nodes, { min: 4, max: 100 });
    const aim = parseAim(values.aim);
    const rounds = roundsFor(wanted, fixedStages * nodes);
    const scene = await prepare(run);
    const fixedOnes = Array.from({ length: fixedStages }, (_, i) => ({
      name: `fixed-${i + 1}`,
      environment: FIXED,
      nodes,
    }));
    const unfixed = { name: "unfixed", environment: closingAfter(leaderCloseMs(nodes, aim)), nodes };
    const stages = await startStages(run, scene, [unfixed, ...fixedOnes], aim);
    run.progress.line(`${rounds} rounds of ${nodes} aimed requests at each of ${stages.length} stages`);
    const fired = (round: number) => run.progress.transient(`round ${round + 1} of ${rounds} is over`);
    const network = await measureNetwork(stages[0]!);
    const aimed = await fire(run, scene, stages, { ...network, aim, nodes, rounds }, fired);
    await Promise.all(stages.map((stage) => stage.stop()));

    aimed.volleys.forEach(({ name, attempts }, i) => {
      const [doubt] = disagreements(attempts, edgeLines(stages[i]!.logs.haproxy));
      if (doubt) throw new InconclusiveError(`${name}: ${doubt}`);
    });
    return sumUp(aimed.volleys, { wanted, aim, versions: scene.versions });
  },
});

/** As short as can be: the last user has to have begun before the first one's connection is closed. */
const leaderCloseMs = (nodes: number, aim: AimChoice): number =>
  Math.max(1200, nodes * (aim === "close" ? WARM_UP_MS : SPACING_MS) + 400);

/** Turns are 25 ms apart at least (src/aim/close/coordinate.ts); three stages share the cores. */
const WARM_UP_MS = 30;

/** One more than it takes, for requests that miss their moment. @throws UsageError when it is more than k6 is given */
function roundsFor(attempts: number, perRound: number): number {
  const rounds = Math.ceil(attempts / perRound) + 1;
  if (rounds <= MAX_ROUNDS) return rounds;
  throw new UsageError(
    `--attempts is "${attempts}", which takes ${rounds} rounds of ${perRound} and ${MAX_ROUNDS} is the most; raise --nodes or --stages`,
  );
}

/** scenarios/lib/options.ts */
const MAX_ROUNDS = 100;

function sumUp(
  [leader, ...others]: readonly Volley[],
  { wanted, aim, versions }: { wanted: number; aim: AimChoice; versions: Record<string, string> },
): Finding {
  const unfixed = countAttempts(leader!.attempts);
  const atClose = aim === "close" ? atCloseOf(leader!.attempts) : null;
  const aimed = others.flatMap(({ attempts }) => attempts);
  const all = countAttempts(aimed);
  const sound = all.own + all.fresh + all.lost;
  if (sound === 0) throw new InconclusiveError("no request was sent to a fixed target");
  // The LB's log has each of them once: none was repeated unseen. But they count for nothing.
  const strange = aimed.filter(({ outcome }) => STRANGE.includes(outcome));
  const failed = aimed.filter(({ status }) => status >= 500).length;
  const rate = clopperPearson(all.lost, sound);
  const doubt = doubtAboutAim(unfixed, atClose);
  return {
    tables: [
      [
        [
          "target",
          "lost of all (95 % interval)",
          "lost of those in the window",
          "retried",
          "down or in error",
          "missed",
        ],
        countRow("unfixed, the leader", unfixed),
        ...others.map(({ name, attempts }) => countRow(name, countAttempts(attempts))),
        countRow("all fixed ones", all),
      ],
      ...(atClose
        ? [
            [
              ["target", ...AT_CLOSE_HEADING],
              ["unfixed, the leader", ...atCloseCells(atClose)],
            ],
          ]
        : []),
    ],
    says: [
      `${all.lost} of ${sound} aimed requests were lost in front of a fixed target: with 95 % confidence no more than ${percent(rate.high)} % are.`,
      ...(doubt === null ? [] : [doubt]),
      ...(atClose ? missedSentences(atClose).map((sentence) => `The leader: ${sentence}`) : []),
      ...strange.map(({ requestId, outcome, status }) => `${requestId}: ${outcome}, status ${status}`),
    ],
    held: failed === 0 && sound >= wanted && doubt === null,
    data: { versions, unfixed, atClose, all, sound, failed, lossRate: rate, strange },
  };
}

/** Whether the leader, at the same gaps, shows that they would have lost. null = it does. */
function doubtAboutAim({ inWindow, lostInWindow }: Counts, atClose: AtClose | null): string | null {
  if (atClose === null) {
    if (inWindow > 0 && lostInWindow / inWindow >= TRUE_AIM) return null;
    return "The leader lost less than half of what it aimed inside the window: the gaps prove little.";
  }
  if (atClose.met > 0 && atClose.lost === atClose.met) return null;
  return "The leader did not lose each request that met its connection's close: the gaps prove little.";
}

const STRANGE: readonly string[] = ["down", "retried", "error"];

/** The least share of its in-window requests that the leader must have lost, or the gaps prove nothing. */
const TRUE_AIM = 0.5;

const countRow = (name: string, counts: Counts): string[] => [
  name,
  rateText(counts.lost, counts.attempts),
  rateText(counts.lostInWindow, counts.inWindow),
  `${counts.retried}`,
  `${counts.down + counts.errors}`,
  `${counts.missed}`,
];
