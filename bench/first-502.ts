import { parseWholeNumber } from "../src/cli/values.ts";
import { edgeLines } from "../src/evidence/edge-log.ts";
import { measureNetwork } from "../src/probe/round-trip.ts";
import { measured } from "../src/record/units.ts";
import { InconclusiveError } from "../src/run/exit.ts";
import type { Run } from "../src/run/run.ts";
import { countAttempts } from "../src/verdict/count.ts";
import { spreadOf } from "./figures.ts";
import { watchConnectionsTo } from "./first-connection.ts";
import { isolated } from "./isolated.ts";
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

/** One round only, as the second comes a whole idle time later. */
export const first502 = bench({
  name: "first-502",
  question: "how long from the probe's very first byte to the first 502, in multiples of the target's idle close?",
  optionsHelp: `  --repeats N      per target, each on a stage of its own (default 5)
  --nodes N        LB nodes, and users who aim (default 20)
  --long           also targets that close after 20 s and 50 s
${BENCH_RUNTIME_HELP}`,
  options: {
    repeats: { type: "string", default: "5" },
    nodes: { type: "string", default: "20" },
    long: { type: "boolean", default: false },
    ...BENCH_RUNTIME,
  },
  async measure(run, values) {
    const repeats = parseWholeNumber("--repeats", values.repeats, { min: 1, max: 50 });
    const nodes = parseWholeNumber("--nodes", values.nodes, { min: 4, max: 100 });
    const scene = await prepare(run, benchRuntime(values.runtime));
    const targets: Trial[][] = [];
    for (const closeMs of values.long ? [...SHORT_MS, ...LONG_MS] : SHORT_MS) {
      const trials: Trial[] = [];
      while (trials.length < repeats) {
        const trial = await isolated(run, (inner) => timeFirst502(inner, scene, closeMs, nodes));
        trials.push(trial);
        run.progress.line(`${trials.length} of ${repeats}: ${describe(trial)}`);
      }
      targets.push(trials);
    }
    return sumUp(targets, scene.versions);
  },
});

/** Node's default is among them; Node >= 20.18 closes no earlier than after a second. */
const SHORT_MS = [1001, 2000, 6000];
const LONG_MS = [20_000, 50_000];

const PROMISED_MULTIPLE = 1.1;

interface Trial {
  idleCloseMs: number;
  /** From the creation of the probe's first socket to the LB's first 502; null = none in this round. */
  first502Ms: number | null;
  multiple: number | null;
  /** The product's own figure: from the release of k6's users to the end of the follow-up request. */
  firstLostMs: number | null;
  lost: number;
  inWindow: number;
  lostInWindow: number;
}

async function timeFirst502(run: Run, scene: Scene, closeMs: number, nodes: number): Promise<Trial> {
  const environment = closeMs === 6000 ? UNFIXED : closingAfter(closeMs);
  const [stage] = await startStages(run, scene, [{ name: "first", environment, nodes }] as const);
  const network = await measureNetwork(stage);
  // From here on only the probe connects to the target directly.
  const direct = watchConnectionsTo(Number(new URL(stage.targetUrl).port));
  run.defer(direct.stop);
  const aimed = await fire(run, scene, [stage], { ...network, nodes, rounds: 1 });
  await stage.stop();

  const { attempts, probe } = aimed.volleys[0]!;
  const { firstLostMs, lost, inWindow, lostInWindow } = countAttempts(attempts);
  const beganAtMs = direct.firstAtMs();
  if (beganAtMs === null || probe.idleCloseMs === null) throw new InconclusiveError("the probe measured nothing");
  const first502AtMs = answeredAtMs(stage.logs.haproxy, 502);
  const first502Ms = first502AtMs === null ? null : first502AtMs - beganAtMs;
  const multiple = first502Ms === null ? null : first502Ms / probe.idleCloseMs;
  return { idleCloseMs: probe.idleCloseMs, first502Ms, multiple, firstLostMs, lost, inWindow, lostInWindow };
}

/** When the LB first gave `status`, epoch ms, rounded up: its log has whole ms for the time that a request took. */
function answeredAtMs(haproxyLog: readonly string[], status: number): number | null {
  const ends = edgeLines(haproxyLog)
    .filter((line) => line.status === status)
    .map(({ atUs, totalMs }) => atUs / 1000 + totalMs + 1);
  return ends.length === 0 ? null : Math.min(...ends);
}

function sumUp(targets: readonly Trial[][], versions: Record<string, string>): Finding {
  const summaries = targets.map((trials) => {
    const hits = trials.flatMap(({ first502Ms, idleCloseMs, multiple }) =>
      first502Ms === null || multiple === null ? [] : [{ multiple, beyondMs: first502Ms - idleCloseMs }],
    );
    return {
      idleCloseMs: spreadOf(trials.map(({ idleCloseMs }) => idleCloseMs)).median,
      trials,
      hits: hits.length,
      multiple: hits.length === 0 ? null : spreadOf(hits.map(({ multiple }) => multiple)),
      beyondMs: hits.length === 0 ? null : spreadOf(hits.map(({ beyondMs }) => beyondMs)),
      held: hits.length === trials.length && hits.every(({ multiple }) => multiple <= PROMISED_MULTIPLE),
    };
  });
  const cell = (value: number | undefined, digits: number) => value?.toFixed(digits) ?? "-";
  return {
    tables: [
      [
        ["idle close", "with a 502", "multiple: median", "max", "ms beyond: median", "max"],
        ...summaries.map(({ idleCloseMs, trials, hits, multiple, beyondMs }) => [
          measured(idleCloseMs),
          `${hits} of ${trials.length}`,
          cell(multiple?.median, 3),
          cell(multiple?.max, 3),
          cell(beyondMs?.median, 0),
          cell(beyondMs?.max, 0),
        ]),
      ],
    ],
    says: [
      `Promised: a 502 within ${PROMISED_MULTIPLE} times the idle close, each time, from the probe's first byte on.`,
    ],
    held: summaries.every(({ held }) => held),
    data: { versions, promisedMultiple: PROMISED_MULTIPLE, targets: summaries },
  };
}

function describe({ idleCloseMs, first502Ms, multiple, inWindow, lostInWindow }: Trial): string {
  const close = `closes after ${measured(idleCloseMs)}`;
  if (first502Ms === null || multiple === null) return `${close}, no 502 in the first round`;
  return `${close}, first 502 after ${measured(first502Ms)}, ${multiple.toFixed(3)} times that; ${lostInWindow} of ${inWindow} in the window lost`;
}
