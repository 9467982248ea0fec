import type { Run } from "../src/run/run.ts";
import { bundleScenarios } from "../src/stage/bundle.ts";
import { openRuntime } from "../src/stage/runtime.ts";
import type { Runtime } from "../src/stage/stage.ts";
import type { Arm, Expectation } from "./experiment.ts";
import type { Lab } from "./lab.ts";
import { type ShutdownOrder, startTwo } from "./targets/two-deployed.ts";
import { sendTraffic } from "./traffic.ts";

/** Two targets, replaced one after the other under ordinary traffic, all the time. */
export interface Deployed {
  name: string;
  order: ShutdownOrder;
  runtime: "native" | "docker";
  durationS?: number;
  expect: Expectation;
}

export const deployed = ({ name, order, runtime, durationS = 40, expect }: Deployed): Arm => ({
  name,
  expect,
  ...(runtime === "docker" && { needs: "docker" as const }),
  async measure(run, lab) {
    const two = await startTwo(run, lab, order);
    const place = await placeOf(runtime, lab);
    const stage = await place.runtime.startStage(run, {
      name: `deploy-${order}`,
      target: { url: new URL(two.url) },
      lb: { idleTimeoutMs: 60_000, nodes: USERS },
      rttMs: RTT_MS,
      port: null,
    });
    let deploys = 0;
    const traffic = {
      bundle: place.organic,
      users: USERS,
      durationS,
      shape: "poisson",
      meanGapMs: MEAN_GAP_MS,
    } as const;
    const lines = await sendTraffic(run, stage, traffic, async (over) => {
      while (!over.aborted) {
        await two.replaceNext();
        deploys += 1;
      }
    });
    const lost = lines.filter(({ status }) => status >= 500).length;
    return {
      verdict: deploys === 0 ? "inconclusive" : lost > 0 ? "lost" : "clean",
      ...{ attempts: lines.length, lost, idleCloseMs: null },
      reasons: [`${lost} of ${lines.length} requests were answered with a 5xx during ${deploys} replacements.`],
      versions: { target: two.version, runtime: place.runtime.name },
      more: { replacements: deploys },
    };
  },
});

const USERS = 20;
/** 400 requests a second in all. */
const MEAN_GAP_MS = 50;
const RTT_MS = 2;

interface Place {
  runtime: Runtime;
  organic: string;
}

async function placeOf(name: "native" | "docker", lab: Lab): Promise<Place> {
  if (name === "native") return { runtime: lab.runtime, organic: lab.scenarios.organic };
  return lab.once("docker", async (run: Run) => {
    const runtime = await openRuntime(run, "docker", ["haproxy", "k6", "toxiproxy"]);
    return { runtime, organic: (await bundleScenarios(runtime.bundles)).organic };
  });
}
