import { stat } from "node:fs/promises";
import { compareVersions } from "../../parts/version.ts";
import { EnvironmentError } from "../../run/exit.ts";
import { docker, dockerOutput, EngineSilent, USE_NATIVE } from "./docker.ts";

/** A Docker engine on this machine that answers us. */
export interface Engine {
  version: string;
  composeVersion: string;
  /**
   * Whether its bridges are network interfaces of this machine, as on plain Linux; else it runs in a virtual machine
   * (Docker Desktop, colima, OrbStack), and host.docker.internal leads to this machine's loopback.
   */
  sharesNetwork: boolean;
}

/** @throws EnvironmentError that says what keeps us from using Docker, and what to do */
export async function findEngine(signal?: AbortSignal, env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const options = { signal, env, timeoutMs: ANSWER_WITHIN_MS };
  const ask = (...args: string[]) =>
    dockerOutput(args, options).catch((error) => {
      if (!(error instanceof EnvironmentError)) throw error;
      return null;
    });
  const endpoint = env.DOCKER_HOST || (await ask("context", "inspect", "-f", "{{.Endpoints.docker.Host}}")) || "";
  // Before it is asked anything: another machine's may take its time.
  if (/^(tcp|ssh|http|https):/.test(endpoint)) {
    throw new EnvironmentError(
      `the Docker engine is on another machine (${endpoint.replace(/\/\/[^@/]*@/, "//")}), expected one on this one`,
      "unset DOCKER_HOST, docker context use default",
      USE_NATIVE,
    );
  }
  const version = await docker(["version", "--format", "{{.Server.Version}}"], options).catch((error) => {
    throw error instanceof EngineSilent ? notRunning(endpoint) : error;
  });
  if (version.code !== 0) throw noEngine(version.stderr.trim(), env);
  const composeVersion = (await ask("compose", "version", "--short"))?.replace(/^v/, "") ?? null;
  if (composeVersion === null || compareVersions(numbers(composeVersion), COMPOSE_AT_LEAST) < 0) {
    throw new EnvironmentError(
      `Docker Compose is ${composeVersion ?? "not installed"}, expected the plugin ${COMPOSE_AT_LEAST} or newer`,
      "install docker-compose-plugin (https://docs.docker.com/compose/install/)",
      USE_NATIVE,
    );
  }
  const about = (await ask("info", "--format", "{{.OperatingSystem}} {{json .SecurityOptions}}")) ?? "";
  const sharesNetwork = process.platform === "linux" && !about.startsWith("Docker Desktop");
  if (about.includes("name=rootless") || (sharesNetwork && (await isSomeUsers(endpoint)))) {
    throw new EnvironmentError(
      "the Docker engine is rootless, or in a virtual machine",
      "its containers cannot reach this machine; use a rootful engine on it",
      USE_NATIVE,
    );
  }
  return { version: version.stdout.trim(), composeVersion, sharesNetwork };
}

/** Whether a socket belongs to another user than root: Podman's API, up to 4.3 at least, does not say that it is rootless. */
async function isSomeUsers(endpoint: string): Promise<boolean> {
  if (!endpoint.startsWith("unix://")) return false;
  return stat(endpoint.slice("unix://".length)).then(
    ({ uid }) => uid !== 0,
    () => false,
  );
}

const ANSWER_WITHIN_MS = 10_000;

// `up --wait`, `scale:` and service_completed_successfully under --wait; the oldest that Docker still packages.
const COMPOSE_AT_LEAST = "2.20";

const numbers = (version: string): string => /^[\d.]+/.exec(version)?.[0] ?? "0";

/** Docker's own words differ by version and system; what is the matter does not. */
function noEngine(words: string, env: NodeJS.ProcessEnv): EnvironmentError {
  const where = /(?:unix|npipe):\/\/[^\s"':]*[^\s"':.]/.exec(words)?.[0] ?? env.DOCKER_HOST;
  if (/permission denied/i.test(words)) {
    return new EnvironmentError(
      `no permission for the Docker engine at ${where || "its socket"}`,
      `run sudo usermod -aG docker ${env.USER || "$USER"} and log in again`,
      USE_NATIVE,
    );
  }
  if (/cannot connect|no such file|connection refused|error during connect|is the docker daemon running/i.test(words)) {
    return notRunning(where);
  }
  return new EnvironmentError(`docker version fails (${words.split("\n")[0]})`, "fix that", USE_NATIVE);
}

const notRunning = (where: string | undefined) =>
  new EnvironmentError(
    `no Docker engine answers at ${where || "its socket"}`,
    "start it (Docker Desktop, or sudo systemctl start docker)",
    USE_NATIVE,
  );
