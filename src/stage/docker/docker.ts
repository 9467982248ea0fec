import { EnvironmentError } from "../../run/exit.ts";
import { lastLine } from "../../run/last-words.ts";
import { type Ended, runToEnd } from "../../run/process.ts";

export interface DockerOptions {
  signal?: AbortSignal | undefined;
  /** An engine that hangs would keep its client waiting forever. */
  timeoutMs?: number;
  /** The client's whole environment. */
  env?: NodeJS.ProcessEnv;
}

/** The client, by its name on PATH. */
export const DOCKER = "docker";

/** For `docker run`, as docker-compose.yml has it. */
export const PIDS = "--pids-limit=512";

/** The alternative that a line about Docker offers. */
export const USE_NATIVE = "use --runtime native";

/**
 * Runs the docker client to its end, whatever that is.
 * @throws the signal's reason after an abort; EnvironmentError when the command is missing, or does not end in time
 */
export async function docker(args: readonly string[], options: DockerOptions = {}): Promise<Ended> {
  const { signal, timeoutMs = ANSWER_MS, env = process.env } = options;
  const ended = await runToEnd(DOCKER, args, { env, signal, timeoutMs, graceMs: GRACE_MS, atOurEnd: "KILL" }).catch(
    ({ code, message }: NodeJS.ErrnoException) => {
      signal?.throwIfAborted();
      throw code === "ENOENT" ? notOnPath() : new EnvironmentError(`docker cannot be run (${code ?? message})`);
    },
  );
  if (!ended.timedOut) return ended;
  throw new EngineSilent(
    `the Docker engine did not answer docker ${words(args)} within ${timeoutMs / 1000} s`,
    "see what it is doing, or restart it",
    USE_NATIVE,
  );
}

/** The client's standard output, trimmed. @throws EnvironmentError with its last words when it fails, and as docker() */
export async function dockerOutput(args: readonly string[], options: DockerOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await docker(args, options);
  if (code === 0) return stdout.trim();
  throw new EnvironmentError(`docker ${words(args)} failed (${lastLine(stderr)})`);
}

/** The engine accepts a question and does not answer it. */
export class EngineSilent extends EnvironmentError {}

/** A list has a few lines at most; a busy engine takes longer. */
const ANSWER_MS = 20_000;

/** An interrupted client ends at once, if its engine lets it. */
const GRACE_MS = 5000;

const notOnPath = () =>
  new EnvironmentError("docker is not on PATH", "install Docker (https://docs.docker.com/engine/install/)", USE_NATIVE);

/** The command without its options: "network inspect", "compose". */
function words(args: readonly string[]): string {
  const firstOption = args.findIndex((arg) => arg.startsWith("-"));
  return args.slice(0, firstOption === -1 ? 2 : Math.min(2, firstOption)).join(" ");
}
