import { aimAtClose, guarded } from "../src/aim/close/aim-at-close.ts";
import { disagreements } from "../src/evidence/agree.ts";
import { edgeLines } from "../src/evidence/edge-log.ts";
import { measureNetwork } from "../src/probe/round-trip.ts";
import type { AppRequest } from "../src/record/request.ts";
import type { Run } from "../src/run/run.ts";
import type { Pool } from "../src/stage/lb.ts";
import { countAttempts } from "../src/verdict/count.ts";
import type { Arm, Expectation, Measured } from "./experiment.ts";
import type { Lab } from "./lab.ts";
import type { LabTarget } from "./targets/target.ts";

/** A target behind another load balancer's pool, aimed at as `npm run check` does. */
export interface Aimed {
  name: string;
  target: LabTarget;
  pool(run: Run, lab: Lab): Promise<Pool>;
  /** After which the pool gives its connections up, at the latest. */
  poolIdleMs: number;
  method?: "GET" | "POST";
  /** LB nodes, each with one user; ten where nothing is said. */
  users?: number;
  expect: Expectation;
  /** What the pool's own log says besides. */
  more?(log: readonly string[]): Record<string, number>;
}

/** No pool but HAProxy's names its connection (X-Up), so that it is the door alone that tells who met a close. */
export const aimed = ({ name, target, pool, poolIdleMs, method = "GET", users = 10, expect, more }: Aimed): Arm => ({
  name,
  expect,
  async measure(run, lab): Promise<Measured> {
    const { url, version } = await target.start(run, lab);
    const placed = await pool(run, lab);
    const stage = await lab.runtime.startStage(run, {
      name: "lab",
      target: { url: new URL(url) },
      lb: { idleTimeoutMs: LB_IDLE_MS, nodes: users, pool: placed },
      rttMs: RTT_MS,
      port: null,
      relay: true,
    });
    const { rttMs } = await measureNetwork(stage);
    const seen = await aimAtClose(
      run,
      [guarded(stage)],
      {
        ...{ users, rounds: 1, sweepers: 0, watchers: 0, okStatus: ["200"], rttMs, dashboard: false },
        request: requestOf(method),
        // Shortly before the pool would give it up; where the target is first, its close is met instead.
        lastReuseMs: poolIdleMs - BEFORE_POOL_MS,
        maxWaitMs: poolIdleMs + 1000,
        neverClosed: "the target closed nothing",
        bundle: lab.scenarios["at-close"],
      },
      { waiting() {}, measured() {}, fired() {} },
    );
    await stage.stop();
    const [{ attempts, probe, out = [] }] = seen.volleys as [(typeof seen.volleys)[0]];
    const { inWindow, lost, lostInWindow, errors, down } = countAttempts(attempts);
    const doubts = disagreements(attempts, edgeLines(stage.logs.haproxy));
    if (errors + down > 0) doubts.push(`${errors + down} of ${attempts.length} attempts ended in another error.`);
    if (inWindow < ENOUGH) doubts.push(`Only ${inWindow} of ${attempts.length} attempts met what they were aimed at.`);
    const doubtful = doubts.length > 0;
    return {
      verdict: doubtful ? "inconclusive" : lost > 0 ? "lost" : "clean",
      attempts: inWindow,
      lost: lostInWindow,
      idleCloseMs: probe.idleCloseMs,
      reasons: [
        ...doubts,
        `${lostInWindow} of ${inWindow} requests that met their moment were lost.`,
        ...out.map(({ why }) => why),
      ],
      versions: { ...lab.versions, target: version, pool: placed.name },
      ...(more && { more: more(stage.logs.haproxy) }),
    };
  },
});

const ENOUGH = 5;
const RTT_MS = 2;
/** Of the LB's third tier, which must not be first. */
const LB_IDLE_MS = 120_000;
const BEFORE_POOL_MS = 250;

const requestOf = (method: "GET" | "POST"): AppRequest => ({
  method,
  path: "/",
  headers: [],
  body: method === "POST" ? "alb502" : null,
});
