import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startProcess } from "../../src/run/process.ts";
import type { Run } from "../../src/run/run.ts";
import type { Pool, PoolPlace } from "../../src/stage/lb.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { accepts, waitUntilReady } from "../../src/stage/wait-until-ready.ts";
import { findProgram } from "../../test/servers/find-program.ts";
import { NGINX, temporaryPaths } from "../../test/servers/nginx.ts";
import type { Lab } from "../lab.ts";

/** nginx with upstream keep-alive as its documentation shows it: 60 s, and a GET on a dead connection is sent again. */
export async function nginxPool(_run: Run, lab: Lab): Promise<Pool> {
  const nginx = await lab.once("nginx", (run) => findProgram(run, NGINX));
  return {
    name: `nginx ${nginx.version}`,
    async start(run, place) {
      const [port] = (await freePorts(1)) as [number];
      const file = join(place.folder, "nginx.conf");
      await writeFile(file, config(port, place));
      const args = ["-p", place.folder, "-e", "stderr", "-c", file];
      const running = await startProcess({ name: "nginx", command: nginx.path, args, env: {}, onLine: place.onLine });
      run.defer(() => running.stop());
      await waitUntilReady(running, () => accepts(port), run);
      return `127.0.0.1:${port}`;
    },
  };
}

/** A pool of its own for each LB node. */
const config = (port: number, { guard, nodes, folder }: PoolPlace): string => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  ${temporaryPaths(folder)}
  map $http_x_lb_node $node {
    default node1;
    ${numbered(nodes, (n) => `${n} node${n};`).join("\n    ")}
  }
  ${numbered(nodes, (n) => `upstream node${n} { server ${guard}; keepalive 4; }`).join("\n  ")}
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://$node;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      add_header X-Up nginx; # on the target's answers alone: it names no connection
    }
  }
}
`;

const numbered = (count: number, one: (n: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => one(i + 1));
