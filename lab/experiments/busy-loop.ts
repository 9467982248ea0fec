import type { Arm, Experiment } from "../experiment.ts";
import { express } from "../targets/express.ts";
import { sendTraffic } from "../traffic.ts";

/** A poller at the idle close: of its gaps an even share ends in each ms, so that the share lost tells the window's width. */
const busy = (share: number, rttMs: number): Arm => ({
  name: `event loop ${Math.round(share * 100)} % busy, round trip ${rttMs} ms`,
  expect: "some",
  async measure(run, lab) {
    const environment = { KEEP_ALIVE_TIMEOUT_MS: "1", ...(share > 0 && { EVENT_LOOP_BUSY: `${share}/20` }) };
    const { url, version } = await express("busy", environment).start(run, lab);
    const stage = await lab.runtime.startStage(run, {
      name: "busy",
      target: { url: new URL(url) },
      lb: { idleTimeoutMs: 60_000, nodes: USERS },
      rttMs,
      port: null,
    });
    const traffic = { users: USERS, durationS: 45, shape: "period", meanGapMs: 1000, jitterMs: JITTER_MS } as const;
    const lines = await sendTraffic(run, stage, { bundle: lab.scenarios.organic, ...traffic });
    const statuses = lines.map(({ status }) => status);
    const lost = statuses.filter((status) => status === 502).length;
    return {
      ...{ verdict: lost > 0 ? "lost" : "clean", attempts: statuses.length, lost, idleCloseMs: 1001 },
      reasons: [`${lost} of ${statuses.length} requests were lost.`],
      versions: { target: version },
      more: { "window ms": Number(((lost / statuses.length) * 2 * JITTER_MS).toFixed(1)) },
    };
  },
});

const USERS = 40;
const JITTER_MS = 100;

export const busyLoop: Experiment = {
  name: "busy-event-loop",
  article: "beyond",
  source: "docs/how-it-works.md: libuv runs expired timers before it reads sockets",
  says: "A busy event loop is a second cause: a request that came while the loop was busy is closed unread when the timer runs first.",
  arms: [1, 4].flatMap((rttMs) => [0, 0.3, 0.6].map((share) => busy(share, rttMs))),
};
