import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Part, PartName } from "../../parts/part.ts";
import { endpointOf } from "../../record/endpoint.ts";
import type { RunningProcess } from "../../run/process.ts";
import type { Run } from "../../run/run.ts";
import { keepLast } from "../keep-last.ts";
import { startRelay } from "../relay.ts";
import type { Stage, StageSettings, StageTarget } from "../stage.ts";
import { loopbackTaps } from "../tap.ts";
import { rejectWhenItDies } from "../wait-until-ready.ts";
import { nativeK6 } from "./k6.ts";
import { startHaproxy } from "./start-haproxy.ts";
import { startTarget } from "./start-target.ts";
import { startToxiproxy } from "./start-toxiproxy.ts";

/** Starts target, network and LB as processes on loopback, each ready before the next; the run's end stops them. */
export async function startStage(
  run: Run,
  parts: Record<PartName, Pick<Part, "path">>,
  settings: StageSettings,
  node = process.execPath,
): Promise<Stage> {
  const logs: Stage["logs"] = { haproxy: [], toxiproxy: [], target: [], k6: [] };
  const keep = (part: keyof Stage["logs"]) => (line: string) => void logs[part].push(line);
  const stopLater = (process: RunningProcess) => run.defer(() => process.stop());
  const { signal } = run;
  const { pool } = settings.lb;

  const folder = join(run.folder, settings.name);
  await mkdir(folder, { recursive: true });
  const target = await targetOf(settings.target, node, keep("target"), signal);
  if (target.process) stopLater(target.process);
  const relay = settings.relay ? await startRelay(run, LOOPBACK, endpointOf(target.url)) : null;
  const network = await startToxiproxy({
    command: parts.toxiproxy.path,
    targetAddress: relay ? `${LOOPBACK}:${relay.port}` : addressOf(target.url),
    rttMs: settings.rttMs,
    onLine: (line) => keepLast(logs.toxiproxy, line),
    signal,
  });
  stopLater(network.process);
  const haproxy = await startHaproxy({
    command: parts.haproxy.path,
    lb: settings.lb,
    networkAddress: network.address,
    foreign: target.process ? null : target.url,
    folder,
    port: settings.port,
    onLine: settings.onLbLine ?? keep("haproxy"),
    signal,
    startPool:
      pool && ((guard) => pool.start(run, { guard, nodes: settings.lb.nodes, folder, onLine: keep("haproxy") })),
  });
  stopLater(haproxy.process);

  const processes = [target.process, network.process, haproxy.process].filter((process) => process !== null);
  const died = Promise.race(processes.map(rejectWhenItDies));
  died.catch(() => {}); // whoever awaits it sees it
  return {
    name: settings.name,
    lbUrl: haproxy.url,
    targetUrl: target.url.origin,
    networkAddress: network.address,
    k6: nativeK6(parts.k6.path, join(run.folder, `${settings.name}-dashboard.html`)),
    taps: await loopbackTaps({
      client: haproxy.url,
      near: `http://${network.address}`,
      far: target.url.href,
    }),
    processes,
    relay,
    logs,
    ours: target.process ? ["haproxy", "toxiproxy", "target", "k6"] : ["haproxy", "toxiproxy", "k6"],
    died,
    stop: async () => void (await Promise.all(processes.map((process) => process.stop()))),
  };
}

async function targetOf(target: StageTarget, node: string, onLine: (line: string) => void, signal: AbortSignal) {
  if ("url" in target) return { process: null, url: target.url };
  const { process, url } = await startTarget({ ...target, node, onLine, signal });
  return { process, url: new URL(url) };
}

const LOOPBACK = "127.0.0.1";

/** host:port, as one connects to it. */
const addressOf = (url: URL): string => `${url.hostname}:${endpointOf(url).port}`;
