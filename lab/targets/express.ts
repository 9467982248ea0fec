import { startTarget } from "../../src/stage/native/start-target.ts";
import type { TargetEnvironment } from "../../src/stage/target-environment.ts";
import type { LabTarget } from "./target.ts";

/** The demo's own app: Express on node:http, whose timeouts come from the environment. */
export const express = (title: string, environment: TargetEnvironment = {}): LabTarget => ({
  title,
  async start(run, { targetApp, runtime }) {
    const target = await startTarget({ bundle: targetApp, environment, onLine() {}, signal: run.signal });
    run.defer(() => target.process.stop());
    return { url: `${target.url}/`, version: `Express on Node ${runtime.targetNode}` };
  },
});
