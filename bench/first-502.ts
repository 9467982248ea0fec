import { AIM_HELP, AIM_OPTION, type AimChoice, parseAim } from "../src/cli/aim-option.ts";
import { parseWholeNumber } from "../src/cli/values.ts";
import { type EdgeLine, edgeLines } from "../src/evidence/edge-log.ts";
import { measureNetwork } from "../src/probe/round-trip.ts";
import { measured } from "../src/record/units.ts";
import { InconclusiveError } from "../src/run/exit.ts";
import { isolated } from "../src/run/isolated.ts";
import type { Run } from "../src/run/run.ts";
import type { Stage } from "../src/stage/stage.ts";
import { countAttempts } from "../src/verdict/count.ts";
import { spreadOf } from "./figures.ts";
import { watchConnectionsTo } from "./first-connection.ts";
import { bench, type Finding } from "./program.ts";
import {
  BENCH_RUNTIME,
  BENCH_RUNTIME_HELP,
  benchRuntime,
  closingAfter,
  fire,
  prepare,
  type Scene,
  startStages,
  UNFIXED,
} from "./scene.ts";

/** One round only: the second comes a whole idle time later. */
export const first502 = bench({
  name: "first-502",
  question: "how long until the first 502, in multiples of the target's idle close?",
  optionsHelp: `  --repeats N      per target, each on a stage of its own (default 5)
  --nodes N        LB nodes, and users who aim (default 20)
  --long           also targets that close after 20 s and 50 s
${AIM_HELP}
${BENCH_RUNTIME_HELP}`,
  options: {
    repeats: { type: "string", default: "5" },
    nodes: { type: "string", default: "20" },
    long: { type: "boolean", default: false },
    ...AIM_OPTION,
    ...BENCH_RUNTIME,
  },
  async measure(run, values) {
    const repeats = parseWholeNumber("--repeats", values.repeats, { min: 1, max: 50 });
    const nodes = parseWholeNumber("--nodes", values.nodes, { min: 4, max: 100 });
    const aim = parseAim(values.aim);
    const scene = await prepare(run, benchRuntime(values.runtime));
    const targets: Trial[][] = [];
    for (const closeMs of values.long ? [...SHORT_MS, ...LONG_MS] : SHORT_MS) {
      const trials: Trial[] = [];
      while (trials.length < repeats) {
        const trial = await isolated(run, (inner) => timeFirst502(inner, scene, { aim, closeMs, nodes }));
        trials.push(trial);
        run.progress.line(`${trials.length} of ${repeats}: ${describe(trial, PROMISED[aim].from)}`);
      }
      targets.push(trials);
    }
    return sumUp(targets, aim, scene.versions);
  },
});

/** Node's default is among them; Node >= 20.18 closes no earlier than after a second. */
const SHORT_MS = [1001, 2000, 6000];
const LONG_MS = [20_000, 50_000];

/**
 * From when the time is taken. `last`: from the last request on the connection that is lost, after whose answer it became
 * idle. `aim`: from the first connection that the aim made to the target; the probe's, by the clock. `first`: from the
 * very first one to that target, with which the network was measured.
 */
type Start = "last" | "aim" | "first";

const STARTS: Record<Start, string> = {
  last: "from the lost connection's last request",
  aim: "from the aim's first byte",
  first: "from the very first byte",
};

/** At the close nothing but one idle period is needed; by the clock the aimed connections follow those of the probe. */
const PROMISED: Record<AimChoice, { from: Start; multiple: number }> = {
  close: { from: "last", multiple: 1.02 },
  clock: { from: "aim", multiple: 1.1 },
};

interface Trial {
  idleCloseMs: number;
  /** From each start to the LB's first 502; null = none in this round. */
  first502Ms: Record<Start, number> | null;
  /** The product's own figure: since k6's users were let go, up to the end of the follow-up request. */
  firstLostMs: number | null;
  lost: number;
  inWindow: number;
  lostInWindow: number;
}

async function timeFirst502(
  run: Run,
  scene: Scene,
  { aim, closeMs, nodes }: { aim: AimChoice; closeMs: number; nodes: number },
): Promise<Trial> {
  const environment = closeMs === 6000 ? UNFIXED : closingAfter(closeMs);
  const [stage] = await startStages(run, scene, [{ name: "first", environment, nodes }] as const, aim);
  const connections = watchConnectionsTo(targetPorts(stage));
  run.defer(connections.stop);
  const network = await measureNetwork(stage);
  const aimingMs = Date.now();
  const aimed = await fire(run, scene, [stage], { ...network, aim, nodes, rounds: 1 });
  await stage.stop();

  const { attempts, probe } = aimed.volleys[0]!;
  const { firstLostMs, lost, inWindow, lostInWindow } = countAttempts(attempts);
  const [first, firstAimed] = [connections.firstAtMs(), connections.firstAtMs(aimingMs)];
  if (first === null || firstAimed === null || probe.idleCloseMs === null) {
    throw new InconclusiveError("the aim measured nothing");
  }
  const lostOne = firstWith(502, edgeLines(stage.logs.haproxy));
  const first502Ms = lostOne && {
    last: lostOne.endMs - lostOne.lastRequestMs,
    aim: lostOne.endMs - firstAimed,
    first: lostOne.endMs - first,
  };
  return { idleCloseMs: probe.idleCloseMs, first502Ms, firstLostMs, lost, inWindow, lostInWindow };
}

/** The port that a probe connects to, and that of a container, which a relay reaches past Docker's published one. */
const targetPorts = ({ targetUrl, taps }: Stage): number[] => [
  Number(new URL(targetUrl).port),
  ...taps.filter(({ hop }) => hop === "far").map(({ port }) => port),
];

/**
 * When the LB first gave `status`, and when the request came that had the same connection before; epoch ms. Rounded up:
 * the LB's log has whole ms for the time that a request took.
 */
function firstWith(status: number, lines: readonly EdgeLine[]): { endMs: number; lastRequestMs: number } | null {
  const ends = lines
    .filter((line) => line.status === status)
    .map(({ id, atUs, totalMs }) => ({ id, atUs, endMs: atUs / 1000 + totalMs + 1 }));
  const [first] = ends.sort((a, b) => a.endMs - b.endMs);
  if (!first) return null;
  const warming = lines.filter(({ id, atUs }) => id.startsWith(`${first.id}-warm`) && atUs < first.atUs);
  if (warming.length === 0) throw new InconclusiveError(`the LB logged no request that warmed up for ${first.id}`);
  return { endMs: first.endMs, lastRequestMs: Math.max(...warming.map(({ atUs }) => atUs)) / 1000 };
}

function sumUp(targets: readonly Trial[][], aim: AimChoice, versions: Record<string, string>): Finding {
  const promised = PROMISED[aim];
  const summaries = targets.map((trials) => {
    const hits = trials.filter(isHit);
    const multiples = (from: Start) => hits.map((trial) => multipleOf(trial, from));
    const spread = (values: number[]) => (values.length === 0 ? null : spreadOf(values));
    return {
      idleCloseMs: spreadOf(trials.map(({ idleCloseMs }) => idleCloseMs)).median,
      trials,
      hits: hits.length,
      multiple: { last: spread(multiples("last")), aim: spread(multiples("aim")), first: spread(multiples("first")) },
      beyondMs: spread(hits.map(({ first502Ms, idleCloseMs }) => first502Ms[promised.from] - idleCloseMs)),
      held: hits.length === trials.length && multiples(promised.from).every((one) => one <= promised.multiple),
    };
  });
  const cell = (value: number | undefined, digits: number) => value?.toFixed(digits) ?? "-";
  const starts = Object.keys(STARTS) as Start[];
  return {
    tables: [
      [
        [
          "idle close",
          "with a 502",
          ...starts.flatMap((from) => [`${STARTS[from]}: median`, "max"]),
          "ms beyond: median",
          "max",
        ],
        ...summaries.map(({ idleCloseMs, trials, hits, multiple, beyondMs }) => [
          measured(idleCloseMs),
          `${hits} of ${trials.length}`,
          ...starts.flatMap((from) => [cell(multiple[from]?.median, 3), cell(multiple[from]?.max, 3)]),
          cell(beyondMs?.median, 0),
          cell(beyondMs?.max, 0),
        ]),
      ],
    ],
    says: [
      "Multiples of the idle close. k6 starts and every connection is warmed between the first byte and the last request.",
      `Promised: a 502 within ${promised.multiple} times the idle close, each time, ${STARTS[promised.from]} on; ms beyond count from there.`,
    ],
    held: summaries.every(({ held }) => held),
    data: { versions, promised, targets: summaries },
  };
}

type Hit = Trial & { first502Ms: Record<Start, number> };

const isHit = (trial: Trial): trial is Hit => trial.first502Ms !== null;

const multipleOf = ({ first502Ms, idleCloseMs }: Hit, from: Start): number => first502Ms[from] / idleCloseMs;

function describe(trial: Trial, from: Start): string {
  const close = `closes after ${measured(trial.idleCloseMs)}`;
  if (!isHit(trial)) return `${close}, no 502 in the first round`;
  const { first502Ms, inWindow, lostInWindow } = trial;
  return `${close}, first 502 after ${measured(first502Ms[from])}, ${multipleOf(trial, from).toFixed(3)} times that; ${lostInWindow} of ${inWindow} in the window lost`;
}
