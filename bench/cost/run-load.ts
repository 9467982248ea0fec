import { join } from "node:path";
import { InconclusiveError } from "../../src/run/exit.ts";
import { startProcess } from "../../src/run/process.ts";
import type { Run } from "../../src/run/run.ts";
import { type LoadResult, type LoadSettings, loadResultSchema } from "./load-protocol.ts";

/** Runs load.ts to its end. @throws InconclusiveError with its last words when it fails */
export async function runLoad(run: Run, settings: LoadSettings): Promise<LoadResult> {
  run.signal.throwIfAborted();
  const lines: string[] = [];
  const load = await startProcess({
    name: "the load",
    command: process.execPath,
    args: ["--import", import.meta.resolve("tsx"), join(import.meta.dirname, "load.ts")],
    env: Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)])),
    onLine: (line, stream) => void (stream === "stdout" && lines.push(line)),
  });
  run.defer(() => load.stop());
  const { code } = await load.exited;
  if (code === 0) return loadResultSchema.parse(JSON.parse(lines.join("")));
  throw new InconclusiveError(`the load on ${settings.ADDRESS} failed: ${load.tail().slice(-2).join(" | ")}`);
}
