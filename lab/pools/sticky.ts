import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startProcess } from "../../src/run/process.ts";
import type { Run } from "../../src/run/run.ts";
import type { Pool, PoolPlace } from "../../src/stage/lb.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { accepts, waitUntilReady } from "../../src/stage/wait-until-ready.ts";
import type { Lab } from "../lab.ts";
import type { LabTarget } from "../targets/target.ts";

/**
 * A second HAProxy as an ALB with two targets and sticky sessions: it sets the AWSALB cookie, and heeds it.
 * @param other the second target; the first one is behind the relay, where its closes are heard
 */
export const stickyPool =
  (other: LabTarget) =>
  async (ownRun: Run, lab: Lab): Promise<Pool> => {
    const { url } = await other.start(ownRun, lab);
    const { path, version } = lab.runtime.parts.haproxy;
    return {
      name: `HAProxy ${version} with AWSALB cookies, two targets`,
      async start(run, place) {
        const [port] = (await freePorts(1)) as [number];
        const file = join(place.folder, "sticky.cfg");
        await writeFile(file, config(port, place, new URL(url).host));
        const args = ["-db", "-f", file];
        const running = await startProcess({ name: "HAProxy (sticky)", command: path, args, env: {}, onLine() {} });
        run.defer(() => running.stop());
        await waitUntilReady(running, () => accepts(port), run);
        return `127.0.0.1:${port}`;
      },
    };
  };

/** As simulator/haproxy.cfg's second tier, each node with a pool of its own; every other node begins with the second target. */
const config = (port: number, { guard, nodes }: PoolPlace, other: string): string => `
global
    maxconn 4000
    nbthread 1
    hard-stop-after 1s
defaults
    mode http
    retries 0
    timeout connect 10s
    timeout client 1h
    timeout server 1h
frontend sticky
    bind 127.0.0.1:${port}
    use_backend node%[req.hdr(x-lb-node)]
${Array.from({ length: nodes }, (_, i) => nodeOf(i + 1, i % 2 === 0 ? [guard, other] : [other, guard])).join("")}`;

const nodeOf = (n: number, targets: readonly string[]): string => `
backend node${n}
    http-reuse always
    balance roundrobin
    cookie AWSALB insert indirect nocache
    http-response set-header X-Up %[bc_src_port]
    default-server pool-low-conn 100000 pool-purge-delay 600s
${targets.map((address, i) => `    server target${i + 1} ${address} cookie target${i + 1}\n`).join("")}`;
