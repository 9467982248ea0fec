import { setTimeout as delay } from "node:timers/promises";
import type { Arm, Expectation, Experiment } from "../experiment.ts";
import { openRaw } from "../raw.ts";
import { nodeHttp } from "../targets/node-version.ts";

/** keepAliveTimeout 6 s, headersTimeout 3 s, and a second request after 4 s whose head comes in two writes. */
const splitHead = (node: string, expect: Expectation, headersTimeout = 3000): Arm => ({
  name: `Node ${node}, keepAliveTimeout 6 s, headersTimeout ${headersTimeout / 1000} s`,
  expect,
  async measure(run, lab) {
    const settings = { keepAliveTimeout: 6000, headersTimeout };
    const { url, version } = await nodeHttp(node, settings).start(run, lab);
    const statuses = await secondAnswers(url, run.signal);
    const lost = statuses.filter((status) => status === null).length;
    return {
      ...{ verdict: lost > 0 ? "lost" : "clean", attempts: CONNECTIONS, lost, idleCloseMs: null },
      reasons: [`${lost} of ${CONNECTIONS} requests whose head came in two writes were cut off.`],
      versions: { target: version },
    };
  },
});

const CONNECTIONS = 10;

/** So long that a busy machine does not read both writes at once, in which case no Node cuts them off. */
const APART_MS = 1000;

async function secondAnswers(url: string, signal: AbortSignal): Promise<(number | null)[]> {
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => openRaw(url)));
  const first = "GET / HTTP/1.1\r\nHost: lab\r\n";
  try {
    const answers = await Promise.all(connections.map((one) => one.ask([`${first}\r\n`])));
    if (answers.some((status) => status !== 200)) throw new Error("the first request was not answered");
    await delay(4000, undefined, { signal });
    return await Promise.all(connections.map((one) => one.ask([first, "X-Large: cookie\r\n\r\n"], APART_MS)));
  } finally {
    for (const one of connections) one.end();
  }
}

export const headersTimeout: Experiment = {
  name: "headers-timeout",
  article: "B",
  source: "https://github.com/nodejs/node/issues/27363",
  says: "headersTimeout has to be longer than keepAliveTimeout: its clock runs while a connection is idle.",
  arms: [
    splitHead("10.19", "lost"),
    splitHead("12.18", "lost"),
    splitHead("12.18", "clean", 7000),
    splitHead("12", "clean"),
    splitHead("14", "clean"),
    splitHead("20", "clean"),
  ],
  correction:
    "Only from 10.15.2 to 12.18, and only for a request whose head comes in more than one packet, as here: it is cut off without an answer (lost). 12.19 and 14 on are right (nodejs/node#32329).",
};
