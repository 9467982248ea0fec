import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startProcess } from "../../src/run/process.ts";
import type { Run } from "../../src/run/run.ts";
import type { Pool, PoolPlace } from "../../src/stage/lb.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { accepts, waitUntilReady } from "../../src/stage/wait-until-ready.ts";
import { CADDY, caddyEnvironment } from "../../test/servers/caddy.ts";
import { findProgram } from "../../test/servers/find-program.ts";
import type { Lab } from "../lab.ts";

/** Caddy's reverse_proxy, which is Go's http.Transport, with connections kept for an ALB's 60 s. */
export async function caddyPool(_run: Run, lab: Lab): Promise<Pool> {
  const caddy = await lab.once("caddy", (run) => findProgram(run, CADDY));
  return {
    name: `Caddy ${caddy.version}`,
    async start(run, place) {
      const [port] = (await freePorts(1)) as [number];
      const file = join(place.folder, "Caddyfile");
      await writeFile(file, config(port, place));
      const running = await startProcess({
        name: "Caddy",
        command: caddy.path,
        args: ["run", "--adapter", "caddyfile", "--config", file],
        env: caddyEnvironment(place.folder),
        onLine: place.onLine,
      });
      run.defer(() => running.stop());
      await waitUntilReady(running, () => accepts(port), run);
      return `127.0.0.1:${port}`;
    },
  };
}

/** Each reverse_proxy has a transport, and so a pool, of its own: one for each LB node. */
const config = (port: number, { guard, nodes }: PoolPlace): string => `
{
  admin off
}
http://127.0.0.1:${port} {
  bind 127.0.0.1
${Array.from({ length: nodes }, (_, i) => proxy(i + 1, guard)).join("")}}
`;

const proxy = (node: number, guard: string): string => `
  @node${node} header X-Lb-Node ${node}
  reverse_proxy @node${node} ${guard} {
    header_down X-Up caddy # on the target's answers alone: it names no connection
    transport http {
      keepalive 60s
    }
  }
`;
