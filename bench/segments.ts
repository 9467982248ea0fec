import { type Lab, openLab } from "../lab/lab.ts";
import { nodeHttp } from "../lab/targets/node-version.ts";
import { sendTraffic } from "../lab/traffic.ts";
import { aimAtClose, guarded } from "../src/aim/close/aim-at-close.ts";
import { parseWholeNumber } from "../src/cli/values.ts";
import { edgeLines } from "../src/evidence/edge-log.ts";
import { InconclusiveError } from "../src/run/exit.ts";
import { isolated } from "../src/run/isolated.ts";
import type { Run } from "../src/run/run.ts";
import type { Stage } from "../src/stage/stage.ts";
import { rateText } from "./figures.ts";
import { bench, type Finding } from "./program.ts";
import { withSeveralK6 } from "./segments/several-k6.ts";
import { type Sameness, type Side, sameness, sideOf } from "./segments/side.ts";

/** The same traffic by one k6 and by several, each in front of a stage of its own, at the same time. */
export const segments = bench({
  name: "segments",
  question: "do several k6 processes, as k6-operator splits a test, count what one does?",
  optionsHelp: `  --processes N    k6 processes that share the users (default 2)
  --users N        of each scenario, and LB nodes (default 40)
  --requests N     of each user of the ordinary traffic (default 300, which takes about 150 s)
  --rounds N       aimed requests of each user (default 5)
  --seed N         of the ordinary traffic's gaps (default 1)`,
  options: {
    processes: { type: "string", default: "2" },
    users: { type: "string", default: "40" },
    requests: { type: "string", default: "300" },
    rounds: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
  },
  async measure(run, values) {
    const processes = parseWholeNumber("--processes", values.processes, { min: 2, max: 8 });
    const users = parseWholeNumber("--users", values.users, { min: processes, max: 100 });
    const requests = parseWholeNumber("--requests", values.requests, { min: 1, max: 10_000 });
    const rounds = parseWholeNumber("--rounds", values.rounds, { min: 1, max: 100 });
    const seed = parseWholeNumber("--seed", values.seed, { min: 0, max: 1000 });
    const lab = await openLab(run);
    const compared: Compared[] = [];
    for (const traffic of [organic(lab, { users, requests, seed }), atClose(lab, { users, rounds })]) {
      const both = [1, processes].map((n) => isolated(run, (own) => measureSide(own, lab, traffic, n, users)));
      const [one, several] = (await Promise.all(both)) as [Side, Side];
      const { scenario } = traffic;
      if (one.lost + several.lost === 0) throw new InconclusiveError(`${scenario} lost no request either way`);
      compared.push({ scenario, one, several, same: sameness(one, several) });
      run.progress.line(
        `${scenario}: ${one.lost} of ${one.ids.length} lost by one k6, ${several.lost} of ${several.ids.length} by ${processes}`,
      );
    }
    return sumUp(compared, lab);
  },
});

interface TrafficOf {
  scenario: "organic" | "at-close";
  /** X-Request-Id of the requests that are counted. */
  counts: RegExp;
  send(run: Run, stage: Stage): Promise<unknown>;
}

/** Poisson traffic at the rate at which most is lost, one request in each idle close (docs/model.md). */
const organic = (lab: Lab, plan: { users: number; requests: number; seed: number }): TrafficOf => ({
  scenario: "organic",
  counts: /^organic-\d+-\d+$/,
  send: (run, stage) =>
    sendTraffic(run, stage, {
      ...{ bundle: lab.scenarios.organic, shape: "poisson", meanGapMs: IDLE_CLOSE_MS },
      ...plan,
      durationS: 86_400, // `requests` ends it: how many fit into a time depends on the machine
    }),
});

/** Aimed, with one harness that leads the users of all processes. Neither warm-ups nor checks afterwards count. */
const atClose = (lab: Lab, plan: { users: number; rounds: number }): TrafficOf => ({
  scenario: "at-close",
  counts: /^\w+-\d+-\d+$/,
  send: (run, stage) =>
    aimAtClose(
      run,
      [guarded(stage)],
      {
        ...{ ...plan, sweepers: 0, watchers: 0, lastReuseMs: null, rttMs: RTT_MS, dashboard: false },
        ...{ request: { method: "GET", path: "/", headers: [], body: null }, okStatus: ["200"] },
        ...{ maxWaitMs: 10_000, neverClosed: "the target closed nothing", bundle: lab.scenarios["at-close"] },
      },
      { waiting() {}, measured() {}, fired() {} },
    ),
});

/** Node 18 has no hidden second: keepAliveTimeout 500 ms is an idle close of 0.5 s. */
const IDLE_CLOSE_MS = 500;

/** Wide, so that ordinary traffic loses enough in minutes. */
const RTT_MS = 10;

async function measureSide(run: Run, lab: Lab, traffic: TrafficOf, processes: number, users: number): Promise<Side> {
  const target = await nodeHttp("18", { keepAliveTimeout: IDLE_CLOSE_MS }).start(run, lab);
  const stage = await lab.runtime.startStage(run, {
    name: `by${processes}`,
    target: { url: new URL(target.url) },
    lb: { idleTimeoutMs: 60_000, nodes: users },
    rttMs: RTT_MS,
    port: null,
    relay: traffic.scenario === "at-close",
  });
  await traffic.send(run, withSeveralK6(stage, processes));
  await stage.stop();
  return withoutName(sideOf(edgeLines(stage.logs.haproxy), traffic.counts, processes));
}

/** The stage's name begins the ids of aimed requests, and is not the same on both sides. */
const withoutName = (side: Side): Side => ({ ...side, ids: side.ids.map((id) => id.replace(/^by\d+-/, "")) });

interface Compared {
  scenario: string;
  one: Side;
  several: Side;
  same: Sameness;
}

function sumUp(compared: readonly Compared[], { versions }: Lab): Finding {
  const row = (scenario: string, { processes, ids, repeated, lost }: Side) => [
    ...[scenario, String(processes), String(ids.length), String(repeated), rateText(lost, ids.length)],
  ];
  return {
    tables: [
      [
        ["scenario", "k6 processes", "requests", "sent twice", "lost (95 % interval)"],
        ...compared.flatMap(({ scenario, one, several }) => [row(scenario, one), row(scenario, several)]),
      ],
    ],
    says: compared.map(
      ({ scenario, same }) =>
        `${scenario}: ${same.totals ? "the very same requests" : "NOT THE SAME REQUESTS"}; the intervals of what was lost ${same.overlap ? "overlap" : "DO NOT OVERLAP"} (Fisher's exact test: p = ${same.p.toFixed(2)}).`,
    ),
    // By chance p is below 0.01 in one of a hundred comparisons where nothing differs.
    held: compared.every(({ same }) => same.totals && same.p >= 0.01),
    data: {
      versions,
      idleCloseMs: IDLE_CLOSE_MS,
      compared: compared.map(({ scenario, one, several, same }) => ({
        scenario,
        sides: [one, several].map(({ ids, ...side }) => ({ ...side, requests: ids.length })),
        ...same,
      })),
    },
  };
}
