import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** Runs ensure.ts, a command cut down to getting its parts. */
export function ensure(names: string[], env: NodeJS.ProcessEnv) {
  const program = join(import.meta.dirname, "ensure.ts");
  const child = spawn(process.execPath, ["--import", "tsx", program, ...names], { env });
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].on("data", (chunk: Buffer) => {
      output[stream] += chunk.toString();
    });
  }
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, ...output }));
  return { child, ended };
}
