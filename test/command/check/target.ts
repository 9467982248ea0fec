import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type RunningProcess, startProcess } from "../../../src/run/process.ts";
import { freePorts } from "../../../src/stage/ports.ts";
import { waitUntilReady } from "../../../src/stage/wait-until-ready.ts";
import { selfSigned } from "../../probe/self-signed.ts";

/** Somebody's own app: a Node server in a process of its own, so that this busy one does not delay its closes. */
export interface AppUnderTest {
  url: string;
  process: RunningProcess;
}

/** @param keepAliveMs its keepAliveTimeout; Node >= 20.18 adds a second */
export async function startApp(
  t: TestContext,
  keepAliveMs: number,
  manner: "plain" | "close" | "500" | "https" | "slow" = "plain",
): Promise<AppUnderTest> {
  const [port] = (await freePorts(1)) as [number];
  const program = join(import.meta.dirname, "target.mjs");
  const args = [program, `${port}`, `${keepAliveMs}`, manner];
  const env = manner === "https" ? { KEY: selfSigned.key, CERT: selfSigned.cert } : {};
  const app = await startProcess({ name: "the app", command: process.execPath, args, env });
  t.after(() => app.stop());
  await waitUntilReady(app, () => accepts(port), { signal: AbortSignal.timeout(10_000) });
  return { url: `${manner === "https" ? "https" : "http"}://localhost:${port}`, process: app };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect").finally(() => socket.destroy());
  return true;
}
