import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Run } from "../../cli/run.ts";
import type { Part, PartName } from "../../parts/part.ts";
import type { LbSettings } from "../lb.ts";
import type { RunningProcess } from "../process.ts";
import type { Stage } from "../stage.ts";
import { rejectWhenItDies } from "../wait-until-ready.ts";
import { startHaproxy } from "./start-haproxy.ts";
import { startTarget, type TargetEnvironment } from "./start-target.ts";
import { startToxiproxy } from "./start-toxiproxy.ts";

export interface StageSettings {
  /** Names the stage in logs and folders: "before", "after". */
  name: string;
  target: { bundle: string; environment: TargetEnvironment };
  lb: LbSettings;
  rttMs: number;
  /** The edge's port; a free one when null. */
  port: number | null;
}

/** Starts target, network and LB as processes on loopback, each ready before the next; the run's end stops them. */
export async function startStage(run: Run, parts: Record<PartName, Part>, settings: StageSettings): Promise<Stage> {
  const logs: Stage["logs"] = { haproxy: [], toxiproxy: [], target: [], k6: [] };
  const keep = (part: keyof Stage["logs"]) => (line: string) => void logs[part].push(line);
  const stopLater = (process: RunningProcess) => run.defer(() => process.stop());
  const { signal } = run;

  const folder = join(run.folder, settings.name);
  await mkdir(folder, { recursive: true });
  const target = await startTarget({ ...settings.target, onLine: keep("target"), signal });
  stopLater(target.process);
  const network = await startToxiproxy({
    command: parts.toxiproxy.path,
    targetAddress: new URL(target.url).host,
    rttMs: settings.rttMs,
    onLine: keep("toxiproxy"),
    signal,
  });
  stopLater(network.process);
  const haproxy = await startHaproxy({
    command: parts.haproxy.path,
    lb: settings.lb,
    networkAddress: network.address,
    folder,
    port: settings.port,
    onLine: keep("haproxy"),
    signal,
  });
  stopLater(haproxy.process);

  const processes = [target.process, network.process, haproxy.process];
  const died = Promise.race(processes.map(rejectWhenItDies));
  died.catch(() => {}); // whoever awaits it sees it; nobody else has to
  return {
    name: settings.name,
    lbUrl: haproxy.url,
    targetUrl: target.url,
    networkAddress: network.address,
    processes,
    logs,
    died,
    stop: async () => void (await Promise.all(processes.map((process) => process.stop()))),
  };
}
