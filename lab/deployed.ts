import { setTimeout as delay } from "node:timers/promises";
import type { Run } from "../src/run/run.ts";
import { bundleScenarios } from "../src/stage/bundle.ts";
import { openRuntime } from "../src/stage/runtime.ts";
import type { Runtime, Stage, StageSettings } from "../src/stage/stage.ts";
import { counted } from "./counted.ts";
import type { Arm, Expectation, Measured } from "./experiment.ts";
import type { Lab } from "./lab.ts";
import { registeringPool } from "./pools/registering.ts";
import { type ShutdownOrder, startPair } from "./targets/pair.ts";
import { startTwo } from "./targets/two-deployed.ts";
import { sendTraffic } from "./traffic.ts";

/** Two targets, replaced one after the other under ordinary traffic, all the time. */
export interface Deployed {
  name: string;
  order: ShutdownOrder;
  runtime: "native" | "docker";
  expect: Expectation;
}

/** The LB learns of it from health checks alone. */
export const deployed = ({ name, order, runtime, expect }: Deployed): Arm => ({
  name,
  expect,
  ...(runtime === "docker" && { needs: "docker" as const }),
  async measure(run, lab) {
    const two = await startTwo(run, lab, order);
    const place = await placeOf(runtime, lab);
    const stage = await place.runtime.startStage(run, settings(`deploy-${order}`, two.url));
    return replacedUnderTraffic(run, { stage, place, version: two.version, replaceNext: two.replaceNext });
  },
});

/**
 * The LB is told, as a deploy at an ALB does it: the target is deregistered, ends by server.close() on SIGTERM, and the
 * new one is registered.
 * @param waitMs between deregistering and SIGTERM; null = SIGTERM first, as where both go out at the same time
 */
export const deregistered = (name: string, waitMs: number | null, expect: Expectation): Arm => ({
  name,
  expect,
  async measure(run, lab) {
    const pair = await startPair(run, "close");
    const [first, second] = pair.ports;
    const { pool, register } = registeringPool(lab, `127.0.0.1:${second}`);
    const { lb, ...others } = settings(`registered-${waitMs}`, `http://127.0.0.1:${first}/`);
    const stage = await lab.runtime.startStage(run, { ...others, lb: { ...lb, pool } });
    const end = async (i: number) => {
      if (waitMs === null) {
        const stopped = pair.stop(i);
        await register(i, false);
        return stopped;
      }
      await register(i, false);
      await delay(waitMs, undefined, { signal: run.signal });
      return pair.stop(i);
    };
    let next = 0;
    const replaceNext = async () => {
      const i = next++ % 2;
      await end(i);
      await pair.start(i);
      await register(i, true);
      await delay(UNTIL_USED_MS, undefined, { signal: run.signal });
    };
    const place = { runtime: lab.runtime, organic: lab.scenarios.organic };
    return replacedUnderTraffic(run, { stage, place, version: pair.version, replaceNext });
  },
});

/** Until each pool has its connections to the new one. */
const UNTIL_USED_MS = 600;
const USERS = 20;
/** 400 requests a second in all. */
const MEAN_GAP_MS = 50;
const DURATION_S = 60;
/** Of 24,000 that are sent where the machine has nothing else to do. */
const LEAST = 5000;

const settings = (name: string, url: string): StageSettings => ({
  name,
  target: { url: new URL(url) },
  lb: { idleTimeoutMs: 60_000, nodes: USERS },
  rttMs: 2,
  port: null,
});

interface Place {
  runtime: Runtime;
  organic: string;
}

interface Replaced {
  stage: Stage;
  place: Place;
  version: string;
  replaceNext(): Promise<void>;
}

async function replacedUnderTraffic(run: Run, { stage, place, version, replaceNext }: Replaced): Promise<Measured> {
  let replacements = 0;
  const traffic = { users: USERS, durationS: DURATION_S, shape: "poisson", meanGapMs: MEAN_GAP_MS } as const;
  const lines = await sendTraffic(run, stage, { bundle: place.organic, ...traffic }, async (over) => {
    while (!over.aborted) {
      await replaceNext();
      replacements += 1;
    }
  });
  const lost = lines.filter(({ status }) => status >= 500).length;
  const said = `${lost} of ${lines.length} requests were answered with a 5xx during ${replacements} replacements.`;
  return {
    ...counted({ attempts: lines.length, lost }, LEAST, said),
    versions: { target: version, runtime: place.runtime.name },
    more: { replacements },
  };
}

async function placeOf(name: "native" | "docker", lab: Lab): Promise<Place> {
  if (name === "native") return { runtime: lab.runtime, organic: lab.scenarios.organic };
  return lab.once("docker", async (run: Run) => {
    const runtime = await openRuntime(run, "docker", ["haproxy", "k6", "toxiproxy"]);
    return { runtime, organic: (await bundleScenarios(runtime.bundles)).organic };
  });
}
