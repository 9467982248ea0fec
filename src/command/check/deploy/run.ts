import { setTimeout as delay } from "node:timers/promises";
import { startTraffic } from "../../../aim/start-traffic.ts";
import type { Answer } from "../../../probe/answer.ts";
import { answers, firstContact, MAX_ANSWER_MS } from "../../../probe/first-contact.ts";
import { InconclusiveError } from "../../../run/exit.ts";
import type { Run } from "../../../run/run.ts";
import { bundleScenarios } from "../../../stage/bundle.ts";
import { openRuntime } from "../../../stage/runtime.ts";
import type { Runtime, Stage } from "../../../stage/stage.ts";
import { assertOk } from "../run.ts";
import type { DeployOptions } from "./options.ts";
import { runCommand } from "./run-command.ts";

/** Everything that a deploy under traffic showed. */
export interface DeployRun {
  runtime: Runtime;
  stage: Stage;
  first: Answer;
  /** Connections that the target ended while it was deployed. */
  closes: number;
  /** The command's exit code; null = a signal. */
  code: number | null;
  /** Whether the target answered in the end. */
  alive: boolean;
  /** How long the command took, ms. */
  tookMs: number;
  /** When the traffic was stopped, epoch ms. */
  stoppedAtMs: number;
}

/**
 * Sends ordinary traffic through the simulated LB while the user's own command deploys the app.
 * @throws UsageError for what the user can fix, InconclusiveError when a part dies
 */
export async function runDeploy(run: Run, options: DeployOptions, begin: () => void): Promise<DeployRun> {
  const { target, request, lbIdleMs, rttMs, okStatus, deployForMs } = options;
  const asked = { url: target, request, withinMs: MAX_ANSWER_MS, signal: run.signal };
  const first = await firstContact(asked);
  assertOk(first.status, options);
  const runtime = await openRuntime(run, options.runtime, ["haproxy", "k6", "toxiproxy"]);
  const { organic } = await bundleScenarios(runtime.bundles);
  const stage = await runtime.startStage(run, {
    name: "deploy",
    target: { url: target },
    lb: { idleTimeoutMs: lbIdleMs, nodes: USERS },
    rttMs,
    port: null,
    relay: true,
  });
  begin();
  const closes = countCloses(stage);
  const traffic = await startTraffic(run, stage, {
    bundle: organic,
    users: USERS,
    meanGapMs: MEAN_GAP_MS,
    request,
    okStatus,
  });
  run.progress.line(
    `${(USERS * 1000) / MEAN_GAP_MS} requests a second go through the LB; deploying by --deploy's command`,
  );
  const over = Promise.race([traffic.ended, stage.died]);
  await Promise.race([delay(BEFORE_MS, undefined, { signal: run.signal }), over]);
  const beganMs = performance.now();
  const before = closes();
  const code = (await Promise.race([runCommand(run, options), over])) as number | null;
  const tookMs = performance.now() - beganMs;
  run.progress.line(
    `the command has ended after ${(tookMs / 1000).toFixed(1)} s; the traffic goes on for ${deployForMs / 1000} s`,
  );
  await Promise.race([delay(deployForMs, undefined, { signal: run.signal }), over]);
  const alive = await answers({ ...asked, withinMs: Math.min(MAX_ANSWER_MS, 5000) });
  // As many end anyway where an app ends its connections by itself, after each answer or after some.
  const usual = (before / BEFORE_MS) * (performance.now() - beganMs);
  const ended = Math.max(0, Math.round(closes() - before - 2 * usual));
  const stoppedAtMs = Date.now();
  await traffic.stop();
  await stage.stop();
  return { runtime, stage, first, closes: ended, code, alive, tookMs, stoppedAtMs };
}

/** What was in the pools at that time counts. */
function countCloses({ relay }: Stage): () => number {
  if (relay === null) throw new InconclusiveError("no relay stands at the target's door");
  let count = 0;
  relay.guard({
    fromLb() {},
    fromTarget(_, { kind }) {
      if (kind !== "bytes") count += 1;
      return false;
    },
    ended() {},
  });
  return () => count;
}

/** Each with an LB node and a pool to itself. */
export const USERS = 20;
/** 200 requests a second: in 30 s more than 5,000. */
const MEAN_GAP_MS = 100;
/** Until every pool has its connection. */
const BEFORE_MS = 2000;
