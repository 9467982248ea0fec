import { existsSync } from "node:fs";
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { z } from "zod";
import { runToEnd } from "./process.ts";

/**
 * A process, told apart from all others that had or will have its pid: by machine, boot, user, pid namespace (each
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

/**
 * Whether it has certainly ended. What cannot be judged from here, another machine's or container's, has not.
 * @throws Error as startOf()
 */
export async function hasEnded(owner: Owner): Promise<boolean> {
  const { host, uid, boot, pids } = await thisProcess();
  if (owner.uid !== uid || owner.started === "") return false;
  // No process outlives its boot; but a folder may be shared with a machine that has been up all along.
  if (owner.boot !== boot) return owner.host === host;
  return owner.pids === pids && (await startOf(owner.pid)) !== owner.started;
}

/** Whether it is certainly still running. @throws Error as startOf() */
export async function isRunning(owner: Owner): Promise<boolean> {
  const { uid, boot, pids } = await thisProcess();
  if (owner.uid !== uid || owner.boot !== boot || owner.pids !== pids) return false;
  return (await startOf(owner.pid)) === owner.started;
}

let self: Promise<Owner> | null = null;

async function describeThisProcess(): Promise<Owner> {
  const { pid } = process;
  return {
    host: hostname(),
    uid: process.getuid?.() ?? -1,
    boot: await bootId(),
    pids: await readlink("/proc/self/ns/pid").catch(() => ""),
    pid,
    started: (await startOf(pid).catch(() => "")) ?? "", // a system that does not tell
  };
}

/** Unlike the host's name, it stays the same until the next boot. */
async function bootId(): Promise<string> {
  const id = readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() =>
    printed("sysctl", ["-n", "kern.bootsessionuuid"]),
  );
  return (await id.catch(() => "")).trim();
}

/**
 * When the process that has this pid now was started, as a text that never changes; null = there is none.
 * @throws Error when the system does not tell
 */
export async function startOf(pid: number): Promise<string | null> {
  if (!existsSync("/proc/self/stat")) return startByPs(pid);
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(nullIfGone);
  if (stat === null) return null;
  // proc_pid_stat(5): the second field is a name, which may hold spaces and parentheses; the third is the state.
  const fromThird = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // Field 22, ticks since boot. A zombie has ended: only its parent has not asked yet.
  return fromThird[0] === "Z" ? null : fromThird[19]!;
}

/** macOS has no /proc. */
const startByPs = async (pid: number): Promise<string | null> =>
  (await printed("ps", ["-o", "lstart=", "-p", String(pid)])).trim() || null;

/**
 * What a system tool prints, whatever the user's language and time zone.
 * @throws Error when it does not run or does not answer, which must not be taken for "no such process"
 */
async function printed(command: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
  const { stdout, timedOut } = await runToEnd(command, args, { env, timeoutMs: 5000 });
  if (timedOut) throw new Error(`${command} gave no answer`);
  return stdout;
}

/** Any other error, such as too many open files, says nothing about the process. */
function nullIfGone(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT" || error.code === "ESRCH") return null;
  throw error;
}
