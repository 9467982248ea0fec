import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { withoutRequest } from "../../../run/part-environment.ts";
import type { Run } from "../../../run/run.ts";

/**
 * Runs the user's own command, with the user's own environment. What it leaves running in the background is meant to stay,
 * so that its end is the shell's, not its output's.
 * @returns its exit code; null = ended by a signal
 */
export async function runCommand(run: Run, command: string): Promise<number | null> {
  const env = withoutRequest(process.env);
  const child = spawn("/bin/sh", ["-c", command], { stdio: ["ignore", "pipe", "pipe"], env, detached: true });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => run.progress.line(`  | ${line}`));
  }
  let ended = false;
  run.defer(() => {
    for (const stream of [child.stdout, child.stderr]) stream.destroy();
    if (!ended && child.pid !== undefined) process.kill(-child.pid, "SIGINT");
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      ended = true;
      resolve(code);
    });
  });
}
