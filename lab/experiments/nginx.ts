import { aimed } from "../aimed.ts";
import type { Experiment } from "../experiment.ts";
import { nginxPool } from "../pools/nginx.ts";
import { nodeHttp } from "../targets/node-version.ts";

const NGINX = { target: nodeHttp("20"), pool: nginxPool, poolIdleMs: 60_000 };

export const nginx: Experiment = {
  name: "nginx-upstream",
  article: "beyond",
  source: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_next_upstream",
  says: "nginx sends a GET that met a closed connection again, unseen, and answers 502 for a POST, which may have been executed.",
  arms: [
    aimed({ name: "GET", ...NGINX, method: "GET", expect: "clean" }),
    aimed({ name: "POST", ...NGINX, method: "POST", expect: "lost" }),
  ],
};
