import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

export interface LivingProcess {
  pid: number;
  command: string;
}

/**
 * All processes with `variable` (NAME=value) in their environment: children inherit it, in whatever session or under
 * whatever parent they end up.
 */
export async function livingWith(variable: string): Promise<LivingProcess[]> {
  return existsSync("/proc/self/environ") ? fromProc(variable) : fromPs(variable);
}

async function fromProc(variable: string): Promise<LivingProcess[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => readProcess(pid, variable)));
  return found.filter((one) => one !== null);
}

async function readProcess(pid: string, variable: string): Promise<LivingProcess | null> {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, "utf8");
    if (!environment.split("\0").includes(variable)) return null;
    const command = (await readFile(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ");
    return { pid: Number(pid), command };
  } catch {
    return null; // it ended meanwhile, or is somebody else's
  }
}

/** macOS has no /proc; its ps prints the environment behind the command. */
async function fromPs(variable: string): Promise<LivingProcess[]> {
  const { stdout } = await promisify(execFile)("ps", ["axeww", "-o", "pid=,command="], { maxBuffer: 64 << 20 });
  return stdout
    .split("\n")
    .filter((line) => line.split(" ").includes(variable))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().replace(/^\d+ /, "") }));
}
