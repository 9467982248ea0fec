import { startK6 } from "../src/aim/start-k6.ts";
import { edgeLines } from "../src/evidence/edge-log.ts";
import type { Run } from "../src/run/run.ts";
import { bundleScenarios } from "../src/stage/bundle.ts";
import { openRuntime } from "../src/stage/runtime.ts";
import type { Runtime } from "../src/stage/stage.ts";
import type { Arm, Expectation } from "./experiment.ts";
import type { Lab } from "./lab.ts";
import { type ShutdownOrder, startTwo } from "./targets/two-deployed.ts";

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
    const k6 = await startK6({
      place: stage.k6,
      bundle: place.organic,
      environment: {
        TARGET_BASE_URL: stage.k6.lbUrl ?? stage.lbUrl,
        ...{ USERS: String(USERS), DURATION_S: String(durationS), SHAPE: "poisson", MEAN_GAP_MS: String(MEAN_GAP_MS) },
      },
      onLine() {},
    });
    run.defer(() => k6.process.stop());
    let isOver = false;
    const traffic = k6.thresholdsHeld.finally(() => {
      isOver = true;
    });
    let deploys = 0;
    const replacing = (async () => {
      while (!isOver) {
        await two.replaceNext();
        deploys += 1;
      }
    })();
    await Promise.race([Promise.all([traffic, replacing]), stage.died]);
    await stage.stop();
    const lines = edgeLines(stage.logs.haproxy);
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
