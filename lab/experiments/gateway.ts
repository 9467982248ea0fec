import { aimed } from "../aimed.ts";
import type { Experiment } from "../experiment.ts";
import { gatewayErrors, gatewayPool } from "../pools/gateway.ts";
import { nodeHttp } from "../targets/node-version.ts";

export const gateway: Experiment = {
  name: "gateway-agentkeepalive",
  article: "E",
  source: "report E: a Node gateway with agentkeepalive in front of a Node target",
  says: "Sockets pooled for 15 s against a target that closes after 5 s: ECONNRESET, turned into a 502; 4 s, or a target at 61 s, end it.",
  arms: [
    aimed({
      name: "sockets kept 15 s, Node 12.18 closes after 5 s",
      ...{ target: nodeHttp("12.18"), pool: gatewayPool(15_000), poolIdleMs: 15_000, expect: "lost" },
      more: gatewayErrors,
    }),
    aimed({
      name: "sockets kept 4 s, the same target",
      ...{ target: nodeHttp("12.18"), pool: gatewayPool(4000), poolIdleMs: 4000, expect: "clean" },
    }),
    aimed({
      name: "sockets kept 15 s, the target at 61 s / 62 s",
      ...{ target: nodeHttp("12.18", { keepAliveTimeout: 61_000, headersTimeout: 62_000 }), pool: gatewayPool(15_000) },
      ...{ poolIdleMs: 15_000, expect: "clean" as const },
    }),
    aimed({
      name: "sockets kept 15 s, Node 20, which says timeout=5",
      ...{ target: nodeHttp("20"), pool: gatewayPool(15_000), poolIdleMs: 4000, expect: "clean" },
    }),
  ],
  correction:
    "Only with a target that sends no Keep-Alive header. Node sends one since 12.19 and 14.8, and agentkeepalive gives a socket up before the time it names: nothing is lost.",
};
