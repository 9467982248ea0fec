import { aimed } from "../aimed.ts";
import type { Experiment } from "../experiment.ts";
import { gatewayPool } from "../pools/gateway.ts";
import { nodeHttp } from "../targets/node-version.ts";

export const gateway: Experiment = {
  name: "gateway-agentkeepalive",
  article: "E",
  source: "report E: a Node gateway with agentkeepalive in front of a Node target",
  says: "Sockets pooled for 15 s against a target that closes after 5 s: ECONNRESET, turned into a 502; 4 s, or a target at 61 s, end it.",
  arms: [
    aimed({
      name: "15 s against Node 12 (5 s, no Keep-Alive header)",
      ...{ target: nodeHttp("12.18"), pool: gatewayPool(15_000), poolIdleMs: 15_000, expect: "lost" },
    }),
    aimed({
      name: "4 s against the same",
      ...{ target: nodeHttp("12.18"), pool: gatewayPool(4000), poolIdleMs: 4000, expect: "clean" },
    }),
    aimed({
      name: "15 s, the target at 61 s",
      ...{ target: nodeHttp("12.18", { keepAliveTimeout: 61_000, headersTimeout: 62_000 }), pool: gatewayPool(15_000) },
      ...{ poolIdleMs: 15_000, expect: "clean" as const },
    }),
    aimed({
      name: "15 s against Node 20 (which says timeout=5)",
      ...{ target: nodeHttp("20"), pool: gatewayPool(15_000), poolIdleMs: 4000, expect: "clean" },
    }),
  ],
  correction:
    "agentkeepalive and Node's own agent heed the Keep-Alive header that targets send since Node 12.19 and 14.8: they give a socket up before it, and nothing is lost.",
};
