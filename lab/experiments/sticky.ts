import { aimed } from "../aimed.ts";
import type { Experiment } from "../experiment.ts";
import { stickyPool } from "../pools/sticky.ts";
import { FIXED, nodeHttp } from "../targets/node-version.ts";

export const sticky: Experiment = {
  name: "sticky-sessions",
  article: "C",
  source: "report C: EC2 behind an ALB with sticky sessions on",
  says: "502s with sticky sessions on and one healthy target; the fix is the target's keepAliveTimeout.",
  arms: [
    aimed({
      name: "AWSALB cookies, two unfixed targets",
      ...{ target: nodeHttp("20"), pool: stickyPool(nodeHttp("20")), poolIdleMs: 60_000, users: 20, expect: "lost" },
    }),
    aimed({
      name: "AWSALB cookies, both at 65 s",
      ...{ target: nodeHttp("20", FIXED), pool: stickyPool(nodeHttp("20", FIXED)), poolIdleMs: 60_000 },
      ...{ users: 20, expect: "clean" as const },
    }),
  ],
  correction:
    "Stickiness chooses the target, not the connection, and changes nothing. Here are two targets, as with the report's one the cookie has nothing to choose.",
};
