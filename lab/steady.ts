import { startK6 } from "../src/aim/start-k6.ts";
import { edgeLines } from "../src/evidence/edge-log.ts";
import { counted } from "./counted.ts";
import type { Arm, Expectation } from "./experiment.ts";
import type { LabTarget } from "./targets/target.ts";

/** The k6 test of report A, as it stands there: 20 users, each a request a second, for two minutes. */
export const steady = ({ name, target, expect }: { name: string; target: LabTarget; expect: Expectation }): Arm => ({
  name,
  expect,
  async measure(run, lab) {
    const { url, version } = await target.start(run, lab);
    const stage = await lab.runtime.startStage(run, {
      name: "steady",
      target: { url: new URL(url) },
      lb: { idleTimeoutMs: 60_000, nodes: 2 },
      rttMs: 2,
      port: null,
    });
    const environment = { TARGET_BASE_URL: stage.lbUrl };
    const k6 = await startK6({ place: stage.k6, bundle: lab.scenarios.steady, environment, onLine() {} });
    run.defer(() => k6.process.stop());
    await Promise.race([k6.thresholdsHeld, stage.died]);
    await stage.stop();
    // Counted at the LB: k6's transport repeats some lost requests unseen.
    const statuses = edgeLines(stage.logs.haproxy).map(({ status }) => status);
    const lost = statuses.filter((status) => status >= 500).length;
    return {
      ...counted(
        { attempts: statuses.length, lost },
        LEAST,
        `${lost} of ${statuses.length} requests were answered with a 5xx.`,
      ),
      versions: { target: version },
    };
  },
});

/** Of the 2,400 that are sent where the machine has nothing else to do. */
const LEAST = 1200;
