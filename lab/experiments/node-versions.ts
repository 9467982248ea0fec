import { NODES } from "../../src/parts/node.ts";
import { checked } from "../checked.ts";
import type { Arm, Experiment } from "../experiment.ts";
import { FIXED, nodeHttp } from "../targets/node-version.ts";

/** Two arms of each version, before and after: matrix.ts makes one row of both. */
const armsOf = (node: string): Arm[] => [
  checked({ name: `Node ${node}`, target: nodeHttp(node), expect: "lost" }),
  checked({ name: `Node ${node}, 65 s`, target: nodeHttp(node, FIXED), expect: "clean" }),
];

export const nodeVersions: Experiment = {
  name: "node-versions",
  article: "B",
  source: "report B: Node 8 and later; https://nodejs.org/api/http.html#serverkeepalivetimeout",
  says: "Node closes idle connections after 5 s since version 8; keepAliveTimeout 65 s and headersTimeout 66 s are the fix.",
  arms: Object.keys(NODES).flatMap(armsOf),
  correction:
    "20.18, 22.9 and 24.0 add a second that their Keep-Alive header does not show (nodejs/node#54863): they close after 6 s and say timeout=5.",
};

export const keepAliveBuffer: Experiment = {
  name: "keep-alive-timeout-buffer",
  article: "beyond",
  source: "https://nodejs.org/api/http.html#serverkeepalivetimeoutbuffer",
  says: "keepAliveTimeoutBuffer (22.19, 24.6) is what Node adds to keepAliveTimeout: 1 s, unless it is set.",
  arms: [
    checked({
      name: "Node 24, buffer 0, 61.5 s",
      target: nodeHttp("24", { keepAliveTimeout: 61_500, keepAliveTimeoutBuffer: 0, headersTimeout: 66_000 }),
      expect: "clean",
    }),
    checked({
      name: "Node 24, buffer 0, 59 s",
      target: nodeHttp("24", { keepAliveTimeout: 59_000, keepAliveTimeoutBuffer: 0, headersTimeout: 66_000 }),
      expect: "lost",
    }),
    checked({
      name: "Node 24, its own buffer, 60.5 s",
      target: nodeHttp("24", { keepAliveTimeout: 60_500, headersTimeout: 66_000 }),
      expect: "clean",
    }),
  ],
};
