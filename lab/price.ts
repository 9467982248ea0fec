import { median } from "../scenarios/lib/median.ts";
import type { EdgeLine } from "../src/evidence/edge-log.ts";
import type { Run } from "../src/run/run.ts";
import type { Lab } from "./lab.ts";
import { sendTraffic } from "./traffic.ts";

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
  const traffic = { users: USERS, durationS: 60, shape: "poisson", meanGapMs: 5000 } as const;
  const requests = await sendTraffic(run, stage, { bundle: lab.scenarios.organic, ...traffic });
  return {
    "new connections per request": Number((connectionsOf(requests) / requests.length).toFixed(2)),
    "median ms": median(requests.map(({ totalMs }) => totalMs)),
  };
}

/** How many pooled connections there were, those that only a lost request was sent on included. */
export const connectionsOf = (requests: readonly Pick<EdgeLine, "sentOn">[]): number =>
  new Set(requests.flatMap(({ sentOn }) => (sentOn === ON_NONE ? [] : sentOn))).size;

const ON_NONE = "0";
const USERS = 30;
