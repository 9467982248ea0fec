import { join } from "node:path";
import { answersOk } from "../src/stage/wait-until-ready.ts";
import { startServer } from "../test/servers/server.ts";
import type { Arm } from "./experiment.ts";
import { retryingPool } from "./pools/retrying.ts";

/** The price of a retry: a POST that was executed, and whose answer was lost with its worker, is executed again. */
export const executedTwice: Arm = {
  name: "a retry at the LB, POST whose worker dies after its work (lost: executed twice)",
  expect: "some",
  async measure(run, lab) {
    const { url, version } = await startServer(run, `Node ${process.versions.node}`, ({ port }) => ({
      name: "the target",
      command: process.execPath,
      args: [PROGRAM, String(port)],
    }));
    const stage = await lab.runtime.startStage(run, {
      name: "twice",
      target: { url: new URL(url) },
      lb: { idleTimeoutMs: 60_000, nodes: 1, pool: await retryingPool(run, lab) },
      rttMs: 2,
      port: null,
    });
    for (let n = 0; n < REQUESTS; n++) {
      const answer = await fetch(`${stage.lbUrl}/work/${n}`, { method: "POST", body: "once", signal: run.signal });
      await answer.arrayBuffer();
    }
    await stage.stop();
    if (!(await answersOk(url))) throw new Error("the target that counts has gone");
    const counts = (await (await fetch(`${url}counts`)).json()) as Record<string, number>;
    const twice = Object.values(counts).filter((count) => count > 1).length;
    return {
      ...{ verdict: twice > 0 ? "lost" : "clean", attempts: REQUESTS, lost: twice, idleCloseMs: null },
      reasons: [`${twice} of ${REQUESTS} POSTs were executed twice.`],
      versions: { target: version },
      more: { "executed twice": twice },
    };
  },
};

const REQUESTS = 20;
const PROGRAM = join(import.meta.dirname, "targets/dies-after-work.cjs");
