import { tmpdir } from "node:os";
import { cacheFolder, MAKING_FOLDERS } from "../parts/cache.ts";
import { RUN_FOLDERS, type Run } from "../run/run.ts";
import { removeAbandoned } from "../run/run-folder.ts";
import { sweepDocker } from "./docker/sweep.ts";
import { assertPortFree } from "./ports.ts";

/**
 * Removes what runs that were killed (`kill -9`) left behind: processes, folders, containers and networks. Never those of
 * a run in progress. Never throws: what cannot be removed now is left for the next one.
 * @param inDocker whether to look into Docker also where no folder was left
 * @returns what was removed, as one line; null when there was nothing
 */
export async function removeLeftBehind(inDocker: boolean, signal?: AbortSignal): Promise<string | null> {
  const [runs, builds] = await Promise.all([
    removeAbandoned(tmpdir(), RUN_FOLDERS),
    removeAbandoned(cacheFolder(process.env), MAKING_FOLDERS),
  ]);
  const none = { containers: 0, networks: 0 };
  // A run that left its folder may have left containers too.
  const swept = inDocker || runs.folders > 0 ? await sweepDocker(signal).catch(() => none) : none;
  const counts = [
    count(runs.processes, "process", "processes"),
    count(swept.containers, "container"),
    count(swept.networks, "network"),
    count(runs.folders + builds.folders, "folder"),
  ].filter((words) => words !== null);
  return counts.length === 0 ? null : `removed what a killed run had left: ${counts.join(", ")}`;
}

/**
 * As assertPortFree(), once the LB of a killed run is gone that may have it.
 * @throws EnvironmentError where it is somebody else's
 */
export async function clearPort(run: Run, port: number, { inDocker, whose }: { inDocker: boolean; whose?: string }) {
  try {
    await assertPortFree(port, whose);
  } catch (taken) {
    const removed = await removeLeftBehind(inDocker, run.signal);
    if (removed === null) throw taken;
    run.progress.line(removed);
    await assertPortFree(port, whose);
  }
}

const count = (n: number, one: string, many = `${one}s`): string | null =>
  n === 0 ? null : `${n} ${n === 1 ? one : many}`;
