import { parseDurationMs, parseWholeNumber } from "../src/cli/values.ts";
import { isolated } from "../src/run/isolated.ts";
import { peakMemoryMb } from "./cost/memory.ts";
import { measureParts, type PartCost } from "./cost/part-costs.ts";
import { against, measureRoutes, over, type Route } from "./cost/routes.ts";
import { startOneTier } from "./cost/start-one-tier.ts";
import { type Spread, spreadOf } from "./figures.ts";
import { bench } from "./program.ts";
import { prepare, RTT_MS, startStages, UNFIXED } from "./scene.ts";

/** Four ways to the same target, loaded in turn; and what each part takes to start and to run. */
export const cost = bench({
  name: "cost",
  question: "what do the simulator's parts cost in latency, throughput, memory and time to start?",
  optionsHelp: `  --passes N       over all ways to the target, one after the other (default 3)
  --time TIME      each way is loaded in each pass, once by one connection and once by many (default 5s)
  --connections N  how many are many (default 32)
  --starts N       of every part, for time and memory (default 5)`,
  options: {
    passes: { type: "string", default: "3" },
    time: { type: "string", default: "5s" },
    connections: { type: "string", default: "32" },
    starts: { type: "string", default: "5" },
  },
  async measure(run, values) {
    const load = {
      passes: parseWholeNumber("--passes", values.passes, { min: 1, max: 20 }),
      timeMs: parseDurationMs("--time", values.time, { minMs: 100, maxMs: 60_000, example: "5s" }),
      connections: parseWholeNumber("--connections", values.connections, { min: 2, max: 500 }),
    };
    const starts = parseWholeNumber("--starts", values.starts, { min: 1, max: 50 });
    const scene = await prepare(run);
    const ownPeakMb = peakMemoryMb(process.pid);
    const costs: PartCost[][] = [];
    while (costs.length < starts) {
      run.progress.transient(`starting every part: ${costs.length + 1} of ${starts}`);
      costs.push(await isolated(run, (inner) => measureParts(inner, scene)));
    }

    const [stage] = await startStages(run, scene, [{ name: "cost", environment: UNFIXED, nodes: 20 }] as const);
    const oneTier = await startOneTier(run, scene.parts.haproxy.path, stage.targetUrl);
    const routes = await measureRoutes(
      run,
      {
        "target alone": new URL(stage.targetUrl).host,
        "plain HAProxy, one tier": oneTier,
        "network alone": stage.networkAddress,
        "whole chain": new URL(stage.lbUrl).host,
      },
      load,
    );
    // In the order in which a stage starts them, as the costs are.
    const loadedMb = stage.processes.map(({ pid }) => peakMemoryMb(pid));
    const parts = costs[0]!.map(({ part }, i) => ({
      part,
      readyMs: spreadOf(costs.map((all) => all[i]!.readyMs)),
      peakMb: Math.max(...costs.map((all) => all[i]!.peakMb ?? Number.NaN)),
      peakLoadedMb: loadedMb[i] ?? null,
    }));
    const failed = routes
      .flatMap(({ single, many }) => [...single, ...many])
      .reduce((sum, each) => sum + each.failed, 0);
    return {
      tables: [latencyTable(routes), throughputTable(routes), partTable(parts, ownPeakMb)],
      says: [
        "Latency: one connection, one request at a time. Throughput: a closed loop of many. Median of the passes, and their range.",
        `The network's round trip is set to ${RTT_MS} ms; "beyond it" is what is left above it and the target alone.`,
        `${failed} requests were answered with anything but 200.`,
      ],
      held: failed === 0,
      data: { versions: scene.versions, rttMs: RTT_MS, routes, parts, ownPeakMb, failed },
    };
  },
});

function latencyTable(routes: readonly Route[]): string[][] {
  const alone = routes[0]!.single;
  return [
    ["latency", "median, ms", "p99, ms", "median, times the target's", "beyond it, ms"],
    ...routes.map(({ name, single }) => [
      name,
      spread(
        over(single, ({ medianMs }) => medianMs),
        2,
      ),
      spread(
        over(single, ({ p99Ms }) => p99Ms),
        2,
      ),
      spread(
        against(single, alone, ({ medianMs }) => medianMs),
        1,
      ),
      spread(spreadOf(single.map(({ medianMs }, i) => medianMs - alone[i]!.medianMs - setRttMs(name))), 2),
    ]),
  ];
}

const setRttMs = (route: string): number => (route === "network alone" || route === "whole chain" ? RTT_MS : 0);

function throughputTable(routes: readonly Route[]): string[][] {
  const [alone, oneTier] = routes.map(({ many }) => many) as [Route["many"], Route["many"]];
  return [
    ["throughput", "requests/s", "share of the target alone", "share of one tier"],
    ...routes.map(({ name, many }) => [
      name,
      spread(
        over(many, ({ perSecond }) => perSecond),
        0,
      ),
      spread(
        against(many, alone, ({ perSecond }) => perSecond),
        2,
      ),
      spread(
        against(many, oneTier, ({ perSecond }) => perSecond),
        2,
      ),
    ]),
  ];
}

interface PartFigures {
  part: string;
  readyMs: Spread;
  peakMb: number;
  peakLoadedMb: number | null;
}

function partTable(parts: readonly PartFigures[], ownPeakMb: number | null): string[][] {
  const mb = (value: number | null) => (value === null || Number.isNaN(value) ? "-" : value.toFixed(0));
  return [
    ["part", "ready after, ms", "peak memory, MB: 20 users", "under the load above"],
    ...parts.map(({ part, readyMs, peakMb, peakLoadedMb }) => [part, spread(readyMs, 0), mb(peakMb), mb(peakLoadedMb)]),
    ["the command itself", "-", mb(ownPeakMb), "-"],
  ];
}

const spread = ({ min, median, max }: Spread, digits: number): string =>
  `${median.toFixed(digits)} (${min.toFixed(digits)}-${max.toFixed(digits)})`;
