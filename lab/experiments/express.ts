import { checked } from "../checked.ts";
import type { Experiment } from "../experiment.ts";
import { express } from "../targets/express.ts";

const SECONDS = (keepAlive: number, headers: number) => ({
  KEEP_ALIVE_TIMEOUT_MS: String(keepAlive * 1000),
  HEADERS_TIMEOUT_MS: String(headers * 1000),
});

export const expressDefault: Experiment = {
  name: "express",
  article: "B",
  source: "report B: Express on Node 8+ behind an ALB",
  says: "Node closes idle connections after 5 s, the ALB after 60 s; keepAliveTimeout 65 s and headersTimeout 66 s end the 502s.",
  arms: [
    checked({ name: "unfixed, Node's default", target: express("Express, Node's default"), expect: "lost" }),
    checked({ name: "61 s / 62 s", target: express("Express, 61 s", SECONDS(61, 62)), expect: "clean" }),
    checked({ name: "65 s / 66 s", target: express("Express, 65 s", SECONDS(65, 66)), expect: "clean" }),
    checked({
      name: "unfixed, the ALB's idle timeout 4 s",
      target: express("Express"),
      lbIdleMs: 4000,
      expect: "clean",
    }),
  ],
  correction:
    "Node 20.18 and later close after 6 s, not 5: a hidden second is added to keepAliveTimeout (nodejs/node#54863).",
};
