import { checked } from "../checked.ts";
import type { Experiment } from "../experiment.ts";
import { uwsgi } from "../targets/python.ts";

export const uwsgiAsPosted: Experiment = {
  name: "uwsgi-as-posted",
  article: "D",
  source: "report D: Python and Node services behind an ALB",
  says: "http-keepalive = 1, add-header = Connection: Keep-Alive and harakiri = 65 end uWSGI's 502s.",
  arms: [
    checked({ name: "--http as it comes, without http-keepalive", target: uwsgi("uWSGI --http"), expect: "some" }),
    checked({
      name: "as posted (http-keepalive = 1, add-header, harakiri = 65)",
      target: uwsgi("as posted", "--http-keepalive=1", "--add-header", "Connection: Keep-Alive", "--harakiri=65"),
      expect: "vulnerable",
    }),
    checked({ name: "http-keepalive = 75", target: uwsgi("uWSGI, 75 s", "--http-keepalive=75"), expect: "clean" }),
  ],
  correction:
    "harakiri ends requests that take too long and does nothing to idle connections; http-keepalive = 1 closes after about 60 s, now before the ALB and now after it. uWSGI's --http alone closes at once after each answer, unannounced.",
};
