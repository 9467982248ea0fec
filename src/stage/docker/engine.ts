import { execFile } from "node:child_process";
import { compareVersions } from "../../parts/version.ts";
import { UsageError } from "../../run/exit.ts";

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

/** @throws UsageError that says what keeps us from using Docker, and what to do */
export async function findEngine(signal?: AbortSignal, env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const endpoint =
    env.DOCKER_HOST || (await text(["context", "inspect", "-f", "{{.Endpoints.docker.Host}}"], env, signal));
  // Before it is asked anything: another machine's may take its time.
  if (/^(tcp|ssh|http|https):/.test(endpoint)) {
    throw new UsageError(
      `the Docker engine is on another machine (${endpoint.replace(/\/\/[^@/]*@/, "//")}), expected one on this one: unset DOCKER_HOST, docker context use default, or use --runtime native`,
    );
  }
  const version = await ask(["version", "--format", "{{.Server.Version}}"], env, signal);
  if ("failed" in version) throw noEngine(version.failed, env);
  const compose = await ask(["compose", "version", "--short"], env, signal);
  const composeVersion = "text" in compose ? compose.text.replace(/^v/, "") : null;
  if (composeVersion === null || compareVersions(numbers(composeVersion), COMPOSE_AT_LEAST) < 0) {
    throw new UsageError(
      `Docker Compose is ${composeVersion ?? "not installed"}, expected the plugin ${COMPOSE_AT_LEAST} or newer: install docker-compose-plugin (https://docs.docker.com/compose/install/), or use --runtime native`,
    );
  }
  const about = await text(["info", "--format", "{{.OperatingSystem}} {{json .SecurityOptions}}"], env, signal);
  if (about.includes("name=rootless")) {
    throw new UsageError(
      "the Docker engine is rootless: its containers cannot reach this machine; use a rootful engine, or use --runtime native",
    );
  }
  const sharesNetwork = process.platform === "linux" && !about.startsWith("Docker Desktop");
  return { version: version.text, composeVersion, sharesNetwork };
}

// `up --wait`, `scale:` and service_completed_successfully under --wait; the oldest that Docker still packages.
const COMPOSE_AT_LEAST = "2.20";

const numbers = (version: string): string => /^[\d.]+/.exec(version)?.[0] ?? "0";

/** Docker's own words differ by version and system; what is the matter does not. */
function noEngine(words: string, env: NodeJS.ProcessEnv): UsageError {
  if (words.includes("ENOENT")) {
    return new UsageError(
      "docker is not on PATH: install Docker (https://docs.docker.com/engine/install/), or use --runtime native",
    );
  }
  const where = /(?:unix|npipe):\/\/[^\s"':]*[^\s"':.]/.exec(words)?.[0] ?? env.DOCKER_HOST ?? "its socket";
  if (/permission denied/i.test(words)) {
    return new UsageError(
      `no permission for the Docker engine at ${where}: run sudo usermod -aG docker ${env.USER || "$USER"} and log in anew, or use --runtime native`,
    );
  }
  if (
    /cannot connect|no such file|connection refused|error during connect|is the docker daemon running|no answer/i.test(
      words,
    )
  ) {
    return new UsageError(
      `no Docker engine answers at ${where}: start it (Docker Desktop, or sudo systemctl start docker), or use --runtime native`,
    );
  }
  return new UsageError(`docker version fails (${words.split("\n")[0]}): mend that, or use --runtime native`);
}

type Answer = { text: string } | { failed: string };

function ask(args: readonly string[], env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Answer> {
  return new Promise((resolve) => {
    execFile("docker", args, { env, timeout: ANSWER_WITHIN_MS, ...(signal && { signal }) }, (error, stdout, stderr) => {
      if (!error) return resolve({ text: stdout.trim() });
      resolve({
        failed: error.killed ? `no answer within ${ANSWER_WITHIN_MS / 1000} s` : stderr.trim() || error.message,
      });
    });
  });
}

async function text(args: readonly string[], env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<string> {
  const answer = await ask(args, env, signal);
  return "text" in answer ? answer.text : "";
}

const ANSWER_WITHIN_MS = 10_000;
