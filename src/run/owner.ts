import { readFileSync, readlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { z } from "zod";
import { runToEnd } from "./process.ts";

/**
 * A process, told apart from all others that had or will have its pid: by machine, user, boot, pid namespace (each
 * container has its own) and start.
 */
const ownerSchema = z.strictObject({
  host: z.string(),
  uid: z.int(),
  boot: z.string(),
  pids: z.string(),
  pid: z.int(),
  started: z.string(),
});

export type Owner = z.infer<typeof ownerSchema>;

/** This process. */
export function thisProcess(): Promise<Owner> {
  self ??= describeThisProcess();
  return self;
}

/** Reads the JSON of what thisProcess() returned; null for anything else. */
export function parseOwner(text: string): Owner | null {
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Whether it has certainly ended. What cannot be judged from here, another machine's or container's, has not. */
export async function hasEnded(owner: Owner): Promise<boolean> {
  const { host, uid, boot, pids } = await thisProcess();
  if (owner.host !== host || owner.uid !== uid) return false;
  if (owner.boot !== boot) return true; // no process outlives its boot
  return owner.pids === pids && (await startOf(owner.pid)) !== owner.started;
}

let self: Promise<Owner> | null = null;

async function describeThisProcess(): Promise<Owner> {
  const { pid } = process;
  return {
    host: hostname(),
    uid: process.getuid?.() ?? -1,
    boot: (await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "")).trim(),
    pids: ofProc(() => readlinkSync("/proc/self/ns/pid")) ?? "",
    pid,
    started: (await startOf(pid)) ?? "",
  };
}

/** When the process that has this pid now was started, as a text that never changes; null = there is none. */
export async function startOf(pid: number): Promise<string | null> {
  if (ofProc(() => readFileSync("/proc/self/stat")) === null) return startByPs(pid);
  const stat = ofProc(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  if (stat === null) return null;
  // proc_pid_stat(5): the second field is a name, which may hold spaces and parentheses; the third is the state.
  const fromThird = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // Field 22, ticks since boot. A zombie has ended: only its parent has not asked yet.
  return fromThird[0] === "Z" ? null : fromThird[19]!;
}

/** macOS has no /proc. What ps prints depends on language and time zone. */
async function startByPs(pid: number): Promise<string | null> {
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
  const { stdout } = await runToEnd("ps", ["-o", "lstart=", "-p", String(pid)], { env, timeoutMs: 5000 });
  return stdout.trim() || null;
}

function ofProc<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null; // no such process, or no /proc
  }
}
