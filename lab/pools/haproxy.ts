import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startProcess } from "../../src/run/process.ts";
import type { Pool, PoolPlace } from "../../src/stage/lb.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { accepts, waitUntilReady } from "../../src/stage/wait-until-ready.ts";
import type { Lab } from "../lab.ts";

/**
 * A second HAProxy in place of the simulator's second tier, each node with a pool of its own.
 * @param what it does besides: "with AWSALB cookies"
 * @param backendOf the lines of a node's backend
 * @param globalOf more lines of the global section
 */
export function haproxyPool(
  lab: Lab,
  what: string,
  backendOf: (node: number, place: PoolPlace) => readonly string[],
  globalOf: (folder: string) => readonly string[] = () => [],
): Pool {
  const { path, version } = lab.runtime.parts.haproxy;
  return {
    name: `HAProxy ${version} ${what}`,
    async start(run, place) {
      const [port] = (await freePorts(1)) as [number];
      const file = join(place.folder, "pool.cfg");
      const backends = Array.from({ length: place.nodes }, (_, i) => backend(i + 1, backendOf(i + 1, place)));
      await writeFile(file, `${head(port, globalOf(place.folder))}${backends.join("")}`);
      const running = await startProcess({ name: "HAProxy (pool)", command: path, args: ["-db", "-f", file], env: {} });
      run.defer(() => running.stop());
      await waitUntilReady(running, () => accepts(port), run);
      return `127.0.0.1:${port}`;
    },
  };
}

const head = (port: number, global: readonly string[]): string => `
global
    maxconn 4000
    nbthread 1
    hard-stop-after 1s
${indented(global)}defaults
    mode http
    retries 0
    timeout connect 10s
    timeout client 1h
    timeout server 1h
frontend pool
    bind 127.0.0.1:${port}
    use_backend node%[req.hdr(x-lb-node)]
`;

const backend = (node: number, own: readonly string[]): string => `
backend node${node}
    http-reuse always
    http-response set-header X-Up %[bc_src_port]
    default-server pool-low-conn 100000 pool-purge-delay 600s
${indented(own)}`;

const indented = (lines: readonly string[]): string => lines.map((line) => `    ${line}\n`).join("");
