import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { bundleScenarios, bundleSetNetwork, bundleTargetApp } from "../../src/stage/bundle.ts";
import { freeSubnets } from "../../src/stage/docker/subnet.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { scratchFolder } from "../parts/scratch.ts";
import { docker, removeMadeBy, type Said } from "./docker.ts";

/** docker-compose.yml by hand, as its head says, in a project of its own. */
export interface ComposeProject {
  name: string;
  lbUrl: string;
  /** The folder that the containers call /results. */
  results: string;
  compose(args: readonly string[], env?: Record<string, string>): Promise<Said>;
  /** docker inspect of each running container, by service. */
  inspect(): Promise<Record<string, ContainerFacts>>;
}

export interface ContainerFacts {
  Name: string;
  State: { Health: { Status: string } };
  Config: { User: string };
  HostConfig: {
    ReadonlyRootfs: boolean;
    CapDrop: string[];
    CapAdd: string[] | null;
    SecurityOpt: string[];
    Memory: number;
    PidsLimit: number;
    Init: boolean;
    LogConfig: { Type: string; Config: Record<string, string> };
  };
  NetworkSettings: { Ports: Record<string, { HostIp: string; HostPort: string }[] | null> };
}

export async function composeProject(t: TestContext, variables: Record<string, string> = {}): Promise<ComposeProject> {
  const folder = await scratchFolder(t);
  const [bundles, results] = [join(folder, "dist"), join(folder, "results")] as const;
  await mkdir(results);
  for (const one of [folder, results]) await chmod(one, one === results ? 0o777 : 0o755);
  // What `npm run build` makes.
  await bundleScenarios(bundles);
  await bundleTargetApp(bundles);
  await bundleSetNetwork(bundles);
  const name = `alb502-test-${process.pid}-${++projects}`;
  const [lbPort, targetPort, networkPort] = await freePorts(3);
  const settings = {
    ...NOTHING_OF_THE_CALLER,
    BUNDLES: bundles,
    RESULTS: results,
    LB_PORT: `${lbPort}`,
    TARGET_PORT: `${targetPort}`,
    NETWORK_PORT: `${networkPort}`,
    SUBNET: (await freeSubnets("198.18.0.0/24"))[0]!.cidr,
    ...variables,
  };
  t.after(() => removeMadeBy(name));
  const compose: ComposeProject["compose"] = (args, env = {}) =>
    docker(["compose", "--file", FILE, "--env-file", "/dev/null", "--project-name", name, ...args], {
      ...settings,
      ...env,
    });
  return {
    name,
    lbUrl: `http://127.0.0.1:${lbPort}`,
    results,
    compose,
    async inspect() {
      const ids = (await compose(["ps", "--quiet"])).stdout.split("\n").filter(Boolean);
      const list = JSON.parse((await docker(["inspect", ...ids])).stdout) as ContainerFacts[];
      return Object.fromEntries(list.map((one) => [one.Name.replace(`/${name}-`, "").replace(/-\d+$/, ""), one]));
    },
  };
}

let projects = 0;

const FILE = join(import.meta.dirname, "../../docker-compose.yml");

/** Variables of the shell that runs the tests must not make "before" a fixed target. */
const NOTHING_OF_THE_CALLER = { KEEP_ALIVE_TIMEOUT_MS: "", HEADERS_TIMEOUT_MS: "", KEEP_ALIVE_TIMEOUT_BUFFER_MS: "" };
