import { cacheFolder } from "../../parts/cache.ts";
import { ensureParts } from "../../parts/ensure-parts.ts";
import { EnvironmentError } from "../../run/exit.ts";
import type { Run } from "../../run/run.ts";
import { type InstalledPart, type InstallReport, installReport } from "./result.ts";

/** Gets each part, the others also where one cannot be had. @throws UsageError as ensureParts() does */
export async function runInstall({ progress, signal }: Pick<Run, "progress" | "signal">): Promise<InstallReport> {
  const parts: InstalledPart[] = [];
  for (const name of ["haproxy", "k6", "toxiproxy"] as const) {
    try {
      const { [name]: part } = await ensureParts([name], progress, signal);
      // What is in an image is no program of this machine.
      parts.push({ ...part, name, origin: part.origin === "image" ? null : part.origin, missing: null });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof EnvironmentError)) throw error;
      parts.push({ name, version: null, path: null, origin: null, missing: error.message });
    }
  }
  return installReport(cacheFolder(process.env), parts);
}
