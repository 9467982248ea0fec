import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Run } from "../../src/run/run.ts";
import { startServer } from "../../test/servers/server.ts";
import type { Lab } from "../lab.ts";
import { type ShutdownOrder, startPair } from "./pair.ts";

/** Two targets behind health checks, which can be replaced one after the other. */
export interface TwoDeployed {
  url: string;
  version: string;
  /** Replaces one of them by a new process, the other one next time. */
  replaceNext(): Promise<void>;
}

export async function startTwo(run: Run, lab: Lab, order: ShutdownOrder): Promise<TwoDeployed> {
  const pair = await startPair(run, order);
  const { path, version } = lab.runtime.parts.haproxy;
  const { url } = await startServer(run, `HAProxy ${version}`, async ({ port, folder }) => {
    const file = join(folder, "deployed.cfg");
    await writeFile(file, config(port, pair.ports));
    return { name: "the target group", command: path, args: ["-db", "-f", file], env: {} };
  });
  let next = 0;
  return {
    url,
    version: `${pair.version} behind health checks`,
    async replaceNext() {
      const i = next++ % 2;
      await pair.stop(i);
      await pair.start(i);
      await delay(UNTIL_HEALTHY_MS, undefined, { signal: run.signal });
    },
  };
}

/** Three health checks. */
const UNTIL_HEALTHY_MS = 600;

/** Connections that are there stay with their target; new ones go where the health check is green. */
const config = (port: number, targets: readonly number[]): string => `
global
    nbthread 1
    hard-stop-after 1s
defaults
    mode tcp
    timeout connect 5s
    timeout client 1h
    timeout server 1h
    retries 3
    option redispatch 1
listen deployed
    bind 127.0.0.1:${port}
    balance roundrobin
    option httpchk GET /health
    default-server check inter 200ms fall 2 rise 1
${targets.map((target, i) => `    server target${i + 1} 127.0.0.1:${target}\n`).join("")}`;
