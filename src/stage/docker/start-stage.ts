import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { RunningProcess } from "../../run/process.ts";
import type { Run } from "../../run/run.ts";
import { keepLast } from "../keep-last.ts";
import { freePorts } from "../ports.ts";
import type { Stage, StageSettings, Tap } from "../stage.ts";
import { loopbackTaps } from "../tap.ts";
import { answersOk, waitUntilReady } from "../wait-until-ready.ts";
import { type ComposeCommand, compose } from "./compose.ts";
import { dockerOutput } from "./docker.ts";
import { followLog, rejectWhenItsContainerDies } from "./follow-log.ts";
import { stageK6 } from "./k6.ts";
import { type DockerScene, up } from "./up.ts";

/** Starts target, network and LB in containers, as a Compose project of its own; the run's end removes it. */
export async function startDockerStage(run: Run, scene: DockerScene, settings: StageSettings): Promise<Stage> {
  const project = `${basename(run.folder).toLowerCase()}-${settings.name}`;
  const [lb, health, targetPort, network] = (await freePorts(4)) as [number, number, number, number];
  const ports = { lb: settings.port ?? lb, health, target: targetPort, network };
  const running = await up(run, scene, { project, settings, ports });
  const { command, target, removal, relay } = running;

  const logs: Stage["logs"] = { haproxy: [], toxiproxy: [], target: [], k6: [] };
  const follow = (service: string, name: string, onLine: (line: string) => void) =>
    followLog(name, `${project}-${service}-1`, onLine);
  const followed = await Promise.all([
    follow("lb", "HAProxy", settings.onLbLine ?? ((line) => void logs.haproxy.push(line))),
    follow("network", "Toxiproxy", (line) => keepLast(logs.toxiproxy, line)),
    ...(target ? [] : [follow("target", "the target app", (line) => void logs.target.push(line))]),
  ]);
  const services = ["lb", "network", "target"];
  const died = Promise.race(followed.map((log, i) => rejectWhenItsContainerDies(log, `${project}-${services[i]}-1`)));
  died.catch(() => {}); // whoever awaits it sees it
  let stopped: Promise<void> | null = null;
  const stage: Stage = {
    name: settings.name,
    lbUrl: `http://127.0.0.1:${ports.lb}`,
    targetUrl: target ? target.origin : `http://127.0.0.1:${ports.target}`,
    networkAddress: `127.0.0.1:${ports.network}`,
    k6: stageK6(scene, running),
    taps: await dockerTaps(scene, project, target),
    processes: [],
    relay,
    logs,
    ours: target ? ["haproxy", "toxiproxy", "k6"] : ["haproxy", "toxiproxy", "target", "k6"],
    died,
    stop: () => {
      for (const log of followed) log.stopping = true;
      stopped ??= stopReading(command, followed).then(removal.remove);
      return stopped;
    },
  };
  run.defer(() => stage.stop());
  // No health check asks: see simulator/compose.aimed.yml. The network is ready, as it has been set.
  if (!target) await waitUntilReady(followed[2]!, () => answersOk(`${stage.targetUrl}/healthz`), run);
  await waitUntilReady(followed[0]!, () => answersOk(`http://127.0.0.1:${health}/`), run);
  return stage;
}

/** Stops the containers and lets their logs be read to the end, before they are removed. */
async function stopReading(command: ComposeCommand, followed: readonly RunningProcess[]): Promise<void> {
  const stopped = await compose(command, ["stop"], { timeoutMs: STOP_WITHIN_MS }).then(
    () => true,
    () => false, // what will not stop is removed by force
  );
  const readToItsEnd = async (log: RunningProcess) => {
    if (stopped) await Promise.race([log.exited, delay(READ_WITHIN_MS, undefined, { ref: false })]);
    await log.stop();
  };
  await Promise.all(followed.map(readToItsEnd));
}

/** Each container has 2 s (stop_grace_period). */
const STOP_WITHIN_MS = 20_000;
const READ_WITHIN_MS = 10_000;

/** Our own target's connections go over the project's bridge, somebody's own app has them on loopback. */
async function dockerTaps({ engine }: DockerScene, project: string, target: URL | null): Promise<Tap[]> {
  if (!engine.sharesNetwork) return [];
  const id = await dockerOutput(["network", "inspect", "-f", "{{.Id}}", `${project}_default`]);
  const device = `br-${id.slice(0, 12)}`;
  const far = target ? await loopbackTaps({ far: target.href }) : [{ hop: "far" as const, device, port: 3000 }];
  if (far.length === 0) return [];
  return [{ hop: "client", device, port: 8080 }, { hop: "near", device, port: 18098 }, ...far];
}
