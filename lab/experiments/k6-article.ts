import { checked } from "../checked.ts";
import type { Experiment } from "../experiment.ts";
import { steady } from "../steady.ts";
import { express } from "../targets/express.ts";

const FIXED = { KEEP_ALIVE_TIMEOUT_MS: "61000", HEADERS_TIMEOUT_MS: "62000" };

export const k6Article: Experiment = {
  name: "k6-article",
  article: "A",
  source: "report A: k6, an ALB and Node on ECS",
  says: "20 users, a request a second each, for two minutes reproduce the 502; after keepAliveTimeout 61 s the same test shows none.",
  arms: [
    steady({ name: "the article's k6 test, unfixed", target: express("Express"), expect: "clean" }),
    checked({ name: "aimed at the close, unfixed", target: express("Express"), expect: "lost" }),
    steady({ name: "the article's k6 test, 61 s / 62 s", target: express("Express, 61 s", FIXED), expect: "clean" }),
    checked({ name: "aimed, 61 s / 62 s", target: express("Express, 61 s", FIXED), expect: "clean" }),
  ],
  correction:
    "Its test passes before the fix as after it: with a request a second from each of 20 users no connection is idle for long enough that Node would close it. Aimed requests tell the two apart.",
};
