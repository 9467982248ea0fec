import type { Run } from "../../src/run/run.ts";
import type { Pool } from "../../src/stage/lb.ts";
import type { Lab } from "../lab.ts";
import type { LabTarget } from "../targets/target.ts";
import { haproxyPool } from "./haproxy.ts";

/**
 * An ALB with two targets and sticky sessions: it sets the AWSALB cookie, and heeds it.
 * @param other the second target; the first one is behind the relay, where its closes are heard
 */
export const stickyPool =
  (other: LabTarget) =>
  async (run: Run, lab: Lab): Promise<Pool> => {
    const { url } = await other.start(run, lab);
    return haproxyPool(lab, "with AWSALB cookies, two targets", (node, { guard }) => [
      "balance roundrobin",
      "cookie AWSALB insert indirect nocache",
      // Every other node begins with the second target.
      ...(node % 2 === 1 ? [guard, new URL(url).host] : [new URL(url).host, guard]).map(
        (address, i) => `server target${i + 1} ${address} cookie target${i + 1}`,
      ),
    ]);
  };
