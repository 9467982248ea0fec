import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Behaviour } from "./behaviour.ts";

export interface RunningTarget {
  url: string;
  pid: number;
  /** Kills it. */
  stop(): Promise<void>;
}

/** Starts serve.mjs in a process of its own, so that what this one does delays none of its closes. */
export async function startTarget(behaves: Behaviour): Promise<RunningTarget> {
  const program = join(import.meta.dirname, "serve.mjs");
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(behaves)); // some of it is longer than an argument may be
  const ended = once(child, "exit");
  const [port] = (await Promise.race([once(child.stdout, "data"), ended.then(() => [])])) as [Buffer?];
  if (port === undefined) throw new Error(`serve.mjs does not start with ${JSON.stringify(behaves)}`);
  return {
    url: `http://127.0.0.1:${Number(`${port}`)}`,
    pid: child.pid!,
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
