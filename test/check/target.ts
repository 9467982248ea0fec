import { join } from "node:path";
import type { TestContext } from "node:test";
import { freePorts } from "../../src/stage/ports.ts";
import { type RunningProcess, startProcess } from "../../src/stage/process.ts";
import { waitUntilReady } from "../../src/stage/wait-until-ready.ts";

/** Somebody's own app: a Node server in a process of its own, so that this busy one does not delay its closes. */
export interface AppUnderTest {
  url: string;
  process: RunningProcess;
}

/** @param keepAliveMs its keepAliveTimeout; Node >= 20.18 adds a second */
export async function startApp(
  t: TestContext,
  keepAliveMs: number,
  manner: "plain" | "close" | "500" = "plain",
): Promise<AppUnderTest> {
  const [port] = (await freePorts(1)) as [number];
  const program = join(import.meta.dirname, "target.mjs");
  const args = [program, `${port}`, `${keepAliveMs}`, manner];
  const app = await startProcess({ name: "the app", command: process.execPath, args });
  t.after(() => app.stop());
  const url = `http://127.0.0.1:${port}`;
  const answers = () => fetch(url).then(() => true);
  await waitUntilReady(app, answers, { signal: AbortSignal.timeout(10_000) });
  return { url, process: app };
}
