import { chmod, mkdir } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { type Endpoint, endpointOf } from "../../record/endpoint.ts";
import { EnvironmentError } from "../../run/exit.ts";
import type { Run } from "../../run/run.ts";
import { lbEnvironment, lbToTargetEnvironment } from "../lb.ts";
import type { StageSettings } from "../stage.ts";
import { completeEnvironment } from "../target-environment.ts";
import {
  type ComposeCommand,
  ComposeError,
  type ComposeFacts,
  type ComposeVariables,
  compose,
  composeCommand,
} from "./compose.ts";
import { dockerOutput, USE_NATIVE } from "./docker.ts";
import type { Engine } from "./engine.ts";
import { type Way, wayTo } from "./host-target.ts";
import { type ProjectRemoval, projectRemoval } from "./remove-project.ts";
import { freeSubnets, type Subnet } from "./subnet.ts";
import { upError } from "./up-error.ts";

/** What the stages of one run share. */
export interface DockerScene {
  engine: Engine;
  facts: ComposeFacts;
  /** The folder of bundles that the containers see. */
  bundles: string;
  /** The value of OWNER_LABEL on all that is made. */
  owner: string;
}

/** One project to be started. */
export interface Order {
  project: string;
  settings: StageSettings;
  ports: Record<"lb" | "health" | "target" | "network", number>;
}

/** A project whose containers run; what is in them may not listen yet. */
export interface Up {
  command: ComposeCommand;
  project: string;
  subnet: Subnet;
  /** The folder that k6 may write to, on this machine. */
  results: string;
  /** Somebody's own target behind it; null = the project's own. */
  target: URL | null;
  relay: Way["relay"];
  removal: ProjectRemoval;
}

/**
 * `docker compose up`, in a subnet that is free; the run's end removes the project. Where another run takes the same
 * subnet at the same moment, it tries the next one.
 * @throws EnvironmentError with what keeps it from being ready
 */
export async function up(run: Run, scene: DockerScene, order: Order): Promise<Up> {
  const subnets = await freeSubnets(scene.facts.subnet);
  for (const subnet of subnets.slice(0, MOST_SUBNETS)) {
    try {
      return await upIn(run, scene, order, subnet);
    } catch (error) {
      if (!(error instanceof ComposeError)) throw error;
      if (!error.output.includes("overlaps")) throw upError(error, order.ports, scene.bundles);
    }
  }
  throw new EnvironmentError(
    `no free subnet for containers among ${subnets.length} after ${scene.facts.subnet}`,
    "remove networks (docker network prune) or set SUBNET to another /24",
  );
}

const MOST_SUBNETS = 10;

async function upIn(run: Run, scene: DockerScene, { project, settings, ports }: Order, subnet: Subnet): Promise<Up> {
  const { target, lb, rttMs } = settings;
  const foreign = "url" in target ? target.url : null;
  const results = join(run.folder, `${settings.name}-results`);
  await mkdir(results, { recursive: true });
  await chmod(results, 0o777); // in its container k6 is a user that this machine does not know
  const { images } = scene.facts;
  const variables = (address: string): ComposeVariables => ({
    ...completeEnvironment("environment" in target ? target.environment : {}),
    ...lbEnvironment(lb),
    ...lbToTargetEnvironment(foreign),
    TARGETS: foreign ? "0" : "1",
    TARGET_ADDRESS: address,
    RTT_MS: String(rttMs),
    LB_PORT: String(ports.lb),
    HEALTH_PORT: String(ports.health),
    TARGET_PORT: String(ports.target),
    NETWORK_PORT: String(ports.network),
    HOST_ADDRESS: scene.engine.sharesNetwork ? subnet.gateway : "host-gateway",
    SUBNET: subnet.cidr,
    BUNDLES: scene.bundles,
    RESULTS: results,
    K6_SUMMARY_EXPORT: "",
    K6_USER: "12345",
    NODE_IMAGE: images.node,
    TOXIPROXY_IMAGE: images.toxiproxy,
    HAPROXY_IMAGE: images.haproxy,
    K6_IMAGE: images.k6,
    OWNER: scene.owner,
  });
  const early = composeCommand(project, variables("target:3000"));
  const removal = projectRemoval(early, project);
  const whole = { project, subnet, results, target: foreign, removal };
  try {
    if (foreign === null && !settings.relay) {
      await compose(early, [...UP, "lb"], run);
      assertReachable(scene, subnet);
      return { ...whole, command: early, relay: null };
    }
    // One container first: only then does this machine have the gateway's address to listen on.
    await compose(early, [...UP, foreign ? "network" : "target"], run);
    assertReachable(scene, subnet);
    const { sharesNetwork } = scene.engine;
    const end = foreign ? endpointOf(foreign) : await ownTarget(project, ports.target, scene.engine);
    const { address, relay } = await wayTo(run, sharesNetwork ? subnet.gateway : null, end, settings.relay ?? false);
    const command = composeCommand(project, variables(address));
    // Podman's engine would have Compose make the target anew, with another address than the relay leads to.
    await compose(command, [...UP, ...(foreign ? [] : ["--no-recreate"]), "lb"], run);
    return { ...whole, command, relay };
  } finally {
    // Not earlier: an interrupted `up` goes on creating until Compose's client has ended.
    run.defer(removal.remove, removal.left);
  }
}

/** The project's own target, past Docker's proxy for published ports, which would end its TCP once more. */
async function ownTarget(project: string, published: number, { sharesNetwork }: Engine): Promise<Endpoint> {
  if (!sharesNetwork) return { host: "127.0.0.1", port: published };
  const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
  return { host: await dockerOutput(["inspect", "--format", format, `${project}-target-1`]), port: 3000 };
}

/** @throws EnvironmentError where the containers' network ends on another machine than this one, as in a virtual machine */
function assertReachable({ engine }: DockerScene, { gateway }: Subnet): void {
  const own = Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).map(({ address }) => address),
  );
  if (!engine.sharesNetwork || own.includes(gateway)) return;
  throw new EnvironmentError(
    `the containers' network ${gateway} is not on this machine, expected an engine on it or Docker Desktop's`,
    USE_NATIVE,
  );
}

// Not --wait: it fails with health checks turned off. Conditions of depends_on are waited for anyway.
const UP = ["up", "--detach", "--pull", "never", "--no-build"];
