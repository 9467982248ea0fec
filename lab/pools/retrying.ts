import type { Run } from "../../src/run/run.ts";
import type { Pool } from "../../src/stage/lb.ts";
import type { Lab } from "../lab.ts";
import { haproxyPool } from "./haproxy.ts";

/** An LB that sends again, once, what was not answered, whatever its method. */
export const retryingPool = async (_run: Run, lab: Lab): Promise<Pool> =>
  haproxyPool(lab, "that retries once", (_node, { guard }) => [
    "retries 1",
    "retry-on conn-failure empty-response",
    `server target ${guard}`,
  ]);
