import { readdir, readFile } from "node:fs/promises";

/**
 * The process ids in a process group, without those that have ended; null where the system has no /proc. In a container
 * nobody may ask for the end of what lost its parent: it stays in the group, and has ended all the same.
 */
export async function groupMembers(group: number): Promise<string[] | null> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  if (pids.length === 0) return null;
  const states = await Promise.all(pids.map((pid) => stateIn(group, pid)));
  return pids.filter((_, i) => states[i] !== null && states[i] !== "Z");
}

/** proc_pid_stat(5): after the name, which may hold parentheses, come state, parent and group. */
async function stateIn(group: number, pid: string): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const [state, , itsGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(itsGroup) === group ? state! : null;
}
