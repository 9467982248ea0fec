import { median } from "../scenarios/lib/median.ts";
import { startK6 } from "../src/aim/start-k6.ts";
import { edgeLines } from "../src/evidence/edge-log.ts";
import type { Run } from "../src/run/run.ts";
import type { Lab } from "./lab.ts";

/** What a fix costs ordinary traffic of a request each five seconds. */
export interface Price {
  "new connections per request": number;
  "median ms": number;
}

/** @param url of the target, with the fix; @param lbIdleMs of the LB */
export async function priceOf(
  run: Run,
  lab: Lab,
  { url, lbIdleMs }: { url: string; lbIdleMs: number },
): Promise<Price> {
  const stage = await lab.runtime.startStage(run, {
    name: "price",
    target: { url: new URL(url) },
    lb: { idleTimeoutMs: lbIdleMs, nodes: USERS },
    rttMs: 2,
    port: null,
  });
  const k6 = await startK6({
    place: stage.k6,
    bundle: lab.scenarios.organic,
    environment: {
      ...{
        TARGET_BASE_URL: stage.lbUrl,
        USERS: String(USERS),
        DURATION_S: "60",
        SHAPE: "poisson",
        MEAN_GAP_MS: "5000",
      },
    },
    onLine() {},
  });
  run.defer(() => k6.process.stop());
  await Promise.race([k6.thresholdsHeld, stage.died]);
  await stage.stop();
  const requests = edgeLines(stage.logs.haproxy);
  const connections = new Set(requests.map(({ up }) => up)).size;
  return {
    "new connections per request": Number((connections / requests.length).toFixed(2)),
    "median ms": median(requests.map(({ totalMs }) => totalMs)),
  };
}

const USERS = 30;
