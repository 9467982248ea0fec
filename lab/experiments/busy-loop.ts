import { windowOf } from "../../src/model/predict.ts";
import type { Arm, Experiment } from "../experiment.ts";
import { loopOf, startBusy } from "../targets/busy.ts";
import { sendTraffic } from "../traffic.ts";

/** A poller at the idle close: of its gaps an even share ends in each ms, so that the share lost tells the window's width. */
const busy = (share: number, rttMs: number): Arm => ({
  name: `event loop ${Math.round(share * 100)} % busy, round trip ${rttMs} ms`,
  expect: "some",
  async measure(run, lab) {
    const target = await startBusy(run, { idleCloseMs: IDLE_CLOSE_MS, share, blockMs: BLOCK_MS });
    const stage = await lab.runtime.startStage(run, {
      name: "busy",
      target: { url: new URL(target.url) },
      lb: { idleTimeoutMs: 60_000, nodes: USERS },
      rttMs,
      port: null,
    });
    const traffic = { users: USERS, durationS: 45, shape: "period", meanGapMs: 1000, jitterMs: JITTER_MS } as const;
    const lines = await sendTraffic(run, stage, { bundle: lab.scenarios.organic, ...traffic });
    const { utilization, turnMs } = await loopOf(target);
    const lost = lines.filter(({ status }) => status === 502).length;
    const { fromMs, toMs } = windowOf(IDLE_CLOSE_MS, rttMs);
    return {
      ...{ verdict: lost > 0 ? "lost" : "clean", attempts: lines.length, lost, idleCloseMs: IDLE_CLOSE_MS },
      reasons: [`${lost} of ${lines.length} requests were lost.`],
      versions: { target: target.version },
      more: {
        "loop utilization": Number(utilization.toFixed(2)),
        "window ms": tenths((lost / lines.length) * 2 * JITTER_MS),
        "at most ms": tenths(toMs - fromMs + turnMs),
      },
    };
  },
});

const tenths = (ms: number): number => Number(ms.toFixed(1));

const IDLE_CLOSE_MS = 1001;
const BLOCK_MS = 20;
const USERS = 40;
const JITTER_MS = 100;

export const busyLoop: Experiment = {
  name: "busy-event-loop",
  article: "beyond",
  source: "docs/model.md#a-busy-event-loop: libuv runs expired timers before it reads sockets",
  says: "A busy event loop is a second cause: a request that came while the loop was busy is closed unread when the timer runs first.",
  arms: [1, 4].flatMap((rttMs) => [0, 0.3, 0.6].map((share) => busy(share, rttMs))),
};
