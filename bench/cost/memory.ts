import { readFileSync } from "node:fs";

/** A process's peak resident memory so far, MB; null where there is no /proc or the process has ended. */
export function peakMemoryMb(pid: number): number | null {
  try {
    const [, kB] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kB === undefined ? null : Number(kB) / 1024;
  } catch {
    return null;
  }
}
