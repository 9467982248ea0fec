import { join } from "node:path";
import { z } from "zod";
import { EnvironmentError } from "../../run/exit.ts";
import { lastLine } from "../../run/last-words.ts";
import { ROOT } from "../../run/root.ts";
import { type DockerOptions, docker } from "./docker.ts";

/** Every variable of docker-compose.yml and simulator/compose.aimed.yml that makes a difference to a run. */
export type ComposeVariables = Record<
  | "KEEP_ALIVE_TIMEOUT_MS"
  | "HEADERS_TIMEOUT_MS"
  | "KEEP_ALIVE_TIMEOUT_BUFFER_MS"
  | "WORK_MS"
  | "EVENT_LOOP_BUSY"
  | "TARGETS"
  | "TARGET_ADDRESS"
  | "TARGET_HOST"
  | "TARGET_TLS"
  | "TARGET_SNI"
  | "RTT_MS"
  | "LB_IDLE_MS"
  | "LB_NODES"
  | "LB_REUSE"
  | "LB_PORT"
  | "HEALTH_PORT"
  | "TARGET_PORT"
  | "NETWORK_PORT"
  | "HOST_ADDRESS"
  | "SUBNET"
  | "BUNDLES"
  | "RESULTS"
  | "K6_SUMMARY_EXPORT"
  | "K6_USER"
  | "NODE_IMAGE"
  | "TOXIPROXY_IMAGE"
  | "HAPROXY_IMAGE"
  | "K6_IMAGE"
  | "OWNER",
  string
>;

/** What docker is given for `docker compose` on one project of its own. */
export interface ComposeCommand {
  args: readonly string[];
  /** Added to this process's own environment; undefined removes a variable. */
  env: Record<string, string | undefined>;
}

/**
 * `docker compose` on the shipped file, as project `project`. Nothing that is set elsewhere takes part, neither .env nor
 * the caller's shell: KEEP_ALIVE_TIMEOUT_MS there must not make "before" a fixed target.
 */
export const composeCommand = (project: string, variables: ComposeVariables): ComposeCommand => ({
  args: [
    "compose",
    "--file",
    FILE,
    "--file",
    AIMED,
    "--env-file",
    "/dev/null",
    "--project-name",
    project,
    "--progress",
    "plain",
  ],
  env: { ...withoutOptionsOfTheCaller(), ...variables },
});

/**
 * Runs one of its commands to its end; by default, for as long as containers may take to start.
 * @throws ComposeError with its last words when it fails, and as docker()
 */
export async function compose(
  command: ComposeCommand,
  args: readonly string[],
  { signal, timeoutMs = UP_WITHIN_MS }: Pick<DockerOptions, "signal" | "timeoutMs"> = {},
): Promise<string> {
  const env = { ...process.env, ...command.env };
  const { code, output } = await docker([...command.args, ...args], { env, signal, timeoutMs });
  if (code === 0) return output;
  throw new ComposeError(`docker compose ${args[0]} failed:${lastLine(output, NOISE)}`, output);
}

/** Some seconds; on a machine whose disk is busy, a minute. */
const UP_WITHIN_MS = 180_000;

export class ComposeError extends Error {
  override name = "ComposeError";
  readonly output: string;

  constructor(message: string, output: string) {
    super(message);
    this.output = output;
  }
}

/** Its steps, and a warning of engines without a route out, which nothing here needs. */
const NOISE = /^ *(Container|Network|Volume) \S+ +\w+|IPv4 forwarding is disabled/;

const FILE = join(ROOT, "docker-compose.yml");
/** Without health checks: the code that starts a stage asks its parts. */
const AIMED = join(ROOT, "simulator/compose.aimed.yml");

const withoutOptionsOfTheCaller = (): Record<string, undefined> =>
  Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => name.startsWith("COMPOSE_"))
      .map((name) => [name, undefined]),
  );

/** What the compose file says together with .env and the caller's shell: that is where the caller names other images. */
export interface ComposeFacts {
  images: Record<"haproxy" | "k6" | "toxiproxy" | "node", string>;
  subnet: string;
}

/** @throws EnvironmentError when the file, as the caller's variables make it, is not a valid compose file */
export async function readComposeFacts(signal?: AbortSignal): Promise<ComposeFacts> {
  const args = ["compose", "--file", FILE, "--profile", "k6", "config", "--format", "json"];
  const { code, stdout, stderr } = await docker(args, { signal });
  if (code !== 0) {
    const words = lastLine(stderr);
    throw new EnvironmentError(`docker-compose.yml with your variables does not work (${words})`, "see .env.example");
  }
  const { services, networks } = configSchema.parse(JSON.parse(stdout));
  return {
    images: {
      haproxy: services.lb.image,
      k6: services.k6.image,
      toxiproxy: services.network.image,
      node: services.target.image,
    },
    subnet: networks.default.ipam.config[0].subnet,
  };
}

const service = z.object({ image: z.string() });

const configSchema = z.object({
  services: z.object({ target: service, network: service, lb: service, k6: service }),
  networks: z.object({
    default: z.object({ ipam: z.object({ config: z.tuple([z.object({ subnet: z.string() })]) }) }),
  }),
});
