import { execFile } from "node:child_process";
import { chmod, mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { UsageError } from "../../cli/exit.ts";
import type { Run } from "../../cli/run.ts";
import { endpointOf } from "../../probe/connection.ts";
import { lbEnvironment, targetEnvironment } from "../lb.ts";
import { freePorts } from "../ports.ts";
import type { Stage, StageSettings, Tap } from "../stage.ts";
import { loopbackTaps } from "../tap.ts";
import { completeEnvironment } from "../target-environment.ts";
import {
  type ComposeCommand,
  ComposeError,
  type ComposeFacts,
  type ComposeVariables,
  compose,
  composeCommand,
} from "./compose.ts";
import type { Engine } from "./engine.ts";
import { followLog, rejectWhenItsContainerDies } from "./follow-log.ts";
import { hostTarget } from "./host-target.ts";
import { removeProject } from "./remove-project.ts";
import { freeSubnets, type Subnet } from "./subnet.ts";
import { upError } from "./up-error.ts";

export interface DockerStage extends Stage {
  compose: ComposeCommand;
  project: string;
  subnet: Subnet;
}

/** What the stages of one run share. */
export interface DockerScene {
  engine: Engine;
  facts: ComposeFacts;
  /** The folder of bundles that the containers see. */
  bundles: string;
}

/** Starts target, network and LB in containers, as a Compose project of its own; the run's end removes it. */
export async function startDockerStage(run: Run, scene: DockerScene, settings: StageSettings): Promise<DockerStage> {
  const project = `${basename(run.folder).toLowerCase()}-${settings.name}`;
  const [lbPort, targetPort, networkPort] = (await freePorts(3)) as [number, number, number];
  const ports = { lb: settings.port ?? lbPort, target: targetPort, network: networkPort };
  const { command, subnet, target } = await up(run, scene, { project, settings, ports });

  const logs: Stage["logs"] = { haproxy: [], toxiproxy: [], target: [], k6: [] };
  const follow = (service: string, name: string, onLine: (line: string) => void) =>
    followLog(name, `${project}-${service}-1`, onLine);
  const followed = await Promise.all([
    follow("lb", "HAProxy", settings.onLbLine ?? ((line) => void logs.haproxy.push(line))),
    follow("network", "Toxiproxy", (line) => void logs.toxiproxy.push(line)),
    ...(target ? [] : [follow("target", "the target app", (line) => void logs.target.push(line))]),
  ]);
  const services = ["lb", "network", "target"];
  const died = Promise.race(followed.map((log, i) => rejectWhenItsContainerDies(log, `${project}-${services[i]}-1`)));
  died.catch(() => {}); // whoever awaits it sees it; nobody else has to
  let stopped: Promise<void> | null = null;
  const stage: DockerStage = {
    name: settings.name,
    lbUrl: `http://127.0.0.1:${ports.lb}`,
    targetUrl: target ? target.origin : `http://127.0.0.1:${ports.target}`,
    networkAddress: `127.0.0.1:${ports.network}`,
    taps: await dockerTaps(scene, project, target),
    processes: [],
    logs,
    ours: target ? ["haproxy", "toxiproxy", "k6"] : ["haproxy", "toxiproxy", "target", "k6"],
    died,
    compose: command,
    project,
    subnet,
    stop: () => {
      for (const log of followed) log.stopping = true;
      stopped ??= stopReading(command, followed).then(() => removeProject(command, project));
      return stopped;
    },
  };
  run.defer(() => stage.stop());
  return stage;
}

/** Stops the containers and lets their logs be read to the end, before they are removed. */
async function stopReading(command: ComposeCommand, followed: readonly { exited: Promise<unknown> }[]): Promise<void> {
  await compose(command, ["stop"]).catch(() => {}); // what will not stop is removed by force
  await Promise.all(followed.map(({ exited }) => exited));
}

interface Order {
  project: string;
  settings: StageSettings;
  ports: Record<"lb" | "target" | "network", number>;
}

/** Another run may take the same subnet in the same moment: then the next one. */
async function up(run: Run, scene: DockerScene, order: Order) {
  const subnets = await freeSubnets(scene.facts.subnet);
  for (const subnet of subnets.slice(0, MOST_SUBNETS)) {
    try {
      return await upIn(run, scene, order, subnet);
    } catch (error) {
      if (!(error instanceof ComposeError)) throw error;
      if (!error.output.includes("overlaps")) throw upError(error, order.ports, scene.bundles);
    }
  }
  throw new UsageError(
    `no free subnet for containers among ${subnets.length} after ${scene.facts.subnet}: remove networks (docker network prune) or set SUBNET to another /24`,
  );
}

/** Our own target's connections go over the project's bridge, somebody's own app has them on loopback. */
async function dockerTaps({ engine }: DockerScene, project: string, target: URL | null): Promise<Tap[]> {
  if (!engine.sharesNetwork) return [];
  const { stdout } = await promisify(execFile)("docker", ["network", "inspect", "-f", "{{.Id}}", `${project}_default`]);
  const device = `br-${stdout.slice(0, 12)}`;
  const far = target ? await loopbackTaps({ far: target.href }) : [{ hop: "far" as const, device, port: 3000 }];
  if (far.length === 0) return [];
  return [{ hop: "client", device, port: 8080 }, { hop: "near", device, port: 18098 }, ...far];
}

const MOST_SUBNETS = 10;

async function upIn(run: Run, scene: DockerScene, { project, settings, ports }: Order, subnet: Subnet) {
  const { target, lb, rttMs } = settings;
  const foreign = "url" in target ? target.url : null;
  const results = join(run.folder, `${settings.name}-results`);
  await mkdir(results, { recursive: true });
  await chmod(results, 0o777); // in its container k6 is a user whom nobody here knows
  const { images } = scene.facts;
  const variables = (address: string): ComposeVariables => ({
    ...completeEnvironment("environment" in target ? target.environment : {}),
    ...lbEnvironment(lb),
    ...targetEnvironment(foreign),
    TARGETS: foreign ? "0" : "1",
    TARGET_ADDRESS: address,
    RTT_MS: String(rttMs),
    LB_PORT: String(ports.lb),
    TARGET_PORT: String(ports.target),
    NETWORK_PORT: String(ports.network),
    HOST_ADDRESS: scene.engine.sharesNetwork ? subnet.gateway : "host-gateway",
    SUBNET: subnet.cidr,
    BUNDLES: scene.bundles,
    RESULTS: results,
    K6_SUMMARY_EXPORT: "",
    NODE_IMAGE: images.node,
    TOXIPROXY_IMAGE: images.toxiproxy,
    HAPROXY_IMAGE: images.haproxy,
    K6_IMAGE: images.k6,
  });
  const early = composeCommand(project, variables("target:3000"));
  run.defer(() => removeProject(early, project));
  if (foreign === null) {
    await compose(early, UP, run.signal);
    return { command: early, subnet, target: null };
  }
  // The network first: this machine has the gateway's address, to be listened on, only then.
  await compose(
    early,
    ["up", "--detach", "--wait", "--wait-timeout", WAIT_S, "--pull", "never", "network"],
    run.signal,
  );
  const { host, port } = endpointOf(foreign);
  const address = await hostTarget(run, scene.engine.sharesNetwork ? subnet.gateway : null, host, port);
  const command = composeCommand(project, variables(address));
  await compose(command, UP, run.signal);
  return { command, subnet, target: foreign };
}

const WAIT_S = "60";
const UP = ["up", "--detach", "--wait", "--wait-timeout", WAIT_S, "--pull", "never", "--no-build", "lb"];
