import { checked } from "../checked.ts";
import type { Experiment } from "../experiment.ts";
import { gunicorn } from "../targets/python.ts";

export const gunicornKeepAlive: Experiment = {
  name: "gunicorn",
  article: "D",
  source: "report D: Python and Node services behind an ALB",
  says: "gunicorn closes idle connections after 2 s; --keep-alive 65 ends the 502s.",
  arms: [
    checked({ name: "sync, gunicorn's default worker", target: gunicorn("gunicorn sync", "sync"), expect: "clean" }),
    checked({ name: "gthread, as it comes", target: gunicorn("gunicorn gthread", "gthread"), expect: "lost" }),
    checked({
      name: "gthread, --keep-alive 65",
      target: gunicorn("gunicorn gthread, 65 s", "gthread", "--keep-alive", "65"),
      expect: "clean",
    }),
  ],
  correction:
    "The sync worker, gunicorn's default, announces the end of each connection and loses none this way: --keep-alive does nothing there.",
};
