import { aimed } from "../aimed.ts";
import { type Checked, checked } from "../checked.ts";
import { executedTwice } from "../executed-twice.ts";
import type { Arm, Experiment } from "../experiment.ts";
import { retryingPool } from "../pools/retrying.ts";
import { priceOf } from "../price.ts";
import { graceful } from "../targets/grace.ts";
import { nodeHttp } from "../targets/node-version.ts";

/** A fix, checked, and at the same time priced by ordinary traffic at a target of its own. */
const priced = (spec: Checked): Arm => {
  const arm = checked(spec);
  return {
    ...arm,
    async measure(run, lab) {
      const { url } = await spec.target.start(run, lab);
      const [measured, price] = await Promise.all([
        arm.measure(run, lab),
        priceOf(run, lab, { url, lbIdleMs: spec.lbIdleMs ?? 60_000 }),
      ]);
      return { ...measured, more: { ...price } };
    },
  };
};

const seconds = (keepAlive: number) => ({ keepAliveTimeout: keepAlive * 1000, headersTimeout: (keepAlive + 1) * 1000 });

export const fixes: Experiment = {
  name: "fixes",
  article: "E",
  source: "reports A to E; https://github.com/aio-libs/aiohttp/pull/13283",
  says: "Either side's timeout ends the 502s; so do no keep-alive at all, and a retry at the LB. Each has its price.",
  arms: [
    priced({ name: "no fix", target: nodeHttp("20"), expect: "lost" }),
    priced({ name: "target 61 s / 62 s", target: nodeHttp("20", seconds(61)), expect: "clean" }),
    priced({ name: "target 65 s / 66 s", target: nodeHttp("20", seconds(65)), expect: "clean" }),
    priced({ name: "LB's idle timeout 4 s", target: nodeHttp("20"), lbIdleMs: 4000, expect: "clean" }),
    priced({ name: "keep-alive off", target: nodeHttp("20", { maxRequestsPerSocket: 1 }), expect: "clean" }),
    aimed({
      name: "a retry at the LB, POST",
      ...{ target: nodeHttp("20"), pool: retryingPool, poolIdleMs: 60_000, method: "POST", expect: "clean" },
    }),
    executedTwice,
    aimed({
      name: "a retry at the LB, GET",
      ...{ target: nodeHttp("20"), pool: retryingPool, poolIdleMs: 60_000, expect: "clean" },
    }),
    checked({ name: "the target looks once more before it closes", target: graceful, expect: "lost" }),
  ],
  correction:
    "A retry hides the race and executes a POST twice whose answer was lost for another reason. Looking once more before closing helps against a busy event loop, not against the network's round trip.",
};
