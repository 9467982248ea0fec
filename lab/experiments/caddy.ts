import { aimed } from "../aimed.ts";
import type { Experiment } from "../experiment.ts";
import { caddyPool } from "../pools/caddy.ts";
import { FIXED, nodeHttp } from "../targets/node-version.ts";

const CADDY = { target: nodeHttp("20"), pool: caddyPool, poolIdleMs: 60_000 };

export const caddy: Experiment = {
  name: "caddy-upstream",
  article: "beyond",
  source: "https://caddyserver.com/docs/caddyfile/directives/reverse_proxy#the-http-transport",
  says: "Caddy keeps connections for longer than most targets; Go's transport sends a GET that met a close again, unseen, and a POST not.",
  arms: [
    aimed({ name: "GET", ...CADDY, method: "GET", expect: "clean" }),
    aimed({ name: "POST", ...CADDY, method: "POST", expect: "lost" }),
    aimed({
      name: "POST, the target at 65 s",
      ...CADDY,
      target: nodeHttp("20", FIXED),
      method: "POST",
      expect: "clean",
    }),
  ],
};
