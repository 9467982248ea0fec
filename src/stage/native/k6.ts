import type { K6Place } from "../stage.ts";

/** k6 as a process: it sees what we see. */
export const nativeK6 = (path: string, dashboard = "dashboard.html"): K6Place => ({
  command: path,
  line: (args, env) => ({ args, env }),
  fileOf: (bundle) => bundle,
  dashboard: { file: dashboard, seenAs: dashboard },
  lbUrl: null,
  harness: { listenOn: LOOPBACK, seenAs: LOOPBACK },
});

const LOOPBACK = "127.0.0.1";
