import { spawn } from "node:child_process";

export interface Ended {
  /** Null when a signal ended it. */
  code: number | null;
  /** Standard output and error, as they came. */
  output: string;
}

/**
 * Runs a tool until it has ended, its output kept back for the error message.
 * Abort does what Ctrl-C in a terminal does, SIGINT to the tool and its children, and waits: both Go and apt then
 * clean up after themselves, which a SIGTERM or SIGKILL would prevent.
 * @throws the signal's reason after an abort; the spawn error when the tool cannot be started.
 */
export async function runToEnd(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env: NodeJS.ProcessEnv; signal?: AbortSignal | undefined },
): Promise<Ended> {
  options.signal?.throwIfAborted();
  const child = spawn(command, args, {
    ...(options.cwd ? { cwd: options.cwd } : {}),
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a process group of its own, to be interrupted as one
  });
  let output = "";
  const keep = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const interrupt = () => {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      process.kill(-child.pid, "SIGINT");
    } catch {
      // It ended meanwhile.
    }
  };
  options.signal?.addEventListener("abort", interrupt);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    options.signal?.throwIfAborted();
    return { code, output };
  } finally {
    options.signal?.removeEventListener("abort", interrupt);
  }
}

/** The last few lines of a tool's output, indented, to stand below a one-line error; "" when it printed none. */
export function lastLines(output: string, noise?: RegExp): string {
  const lines = output.split("\n").filter((line) => line.trim() && !noise?.test(line));
  return lines
    .slice(-LAST_LINES)
    .map((line) => `\n  ${line.trimEnd()}`)
    .join("");
}

/** Its last line that is not noise; "" when it printed none. */
export const lastLine = (output: string, noise?: RegExp): string =>
  lastLines(output, noise).trim().split("\n").at(-1)!.trim();

export const firstLine = (text: string): string => (text.trim().split("\n")[0] ?? "").trim();

const LAST_LINES = 6;
