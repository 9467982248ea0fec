import { join } from "node:path";
import { startProcess } from "../../src/run/process.ts";
import type { Run } from "../../src/run/run.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { answersOk, waitUntilReady } from "../../src/stage/wait-until-ready.ts";

/** Starts one-tier.cfg before the target at `targetUrl`; the run's end stops it. @returns its address, host:port */
export async function startOneTier(run: Run, haproxyPath: string, targetUrl: string): Promise<string> {
  const [edge, health] = await freePorts(2);
  const haproxy = await startProcess({
    name: "the one-tier HAProxy",
    command: haproxyPath,
    args: ["-db", "-f", join(import.meta.dirname, "one-tier.cfg")],
    env: {
      EDGE_ADDRESS: `127.0.0.1:${edge}`,
      HEALTH_ADDRESS: `127.0.0.1:${health}`,
      TARGET_ADDRESS: new URL(targetUrl).host,
    },
  });
  run.defer(() => haproxy.stop());
  await waitUntilReady(haproxy, () => answersOk(`http://127.0.0.1:${health}/`), run);
  return `127.0.0.1:${edge}`;
}
