import { hasEnded, parseOwner, thisProcess } from "../../run/owner.ts";
import { docker, dockerOutput } from "./docker.ts";

/** On each container and network that a run makes: the process that will remove it, as JSON. */
export const OWNER_LABEL = "alb502.owner";

/** The label's value on what this process makes. */
export const ownerLabel = async (): Promise<string> => JSON.stringify(await thisProcess());

export interface SweptInDocker {
  containers: number;
  networks: number;
}

/**
 * Removes the containers and networks of runs whose process has ended without doing so. Those of other users, machines
 * and containers, and those of a run in progress, stay.
 * @throws EnvironmentError when there is no engine that answers in time; the signal's reason after an abort
 */
export async function sweepDocker(signal?: AbortSignal): Promise<SweptInDocker> {
  const options = { signal, timeoutMs: WITHIN_MS };
  const swept = { containers: 0, networks: 0 };
  // Again, as the engine finishes what the killed client had asked for.
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const [containers, networks] = await Promise.all([
      abandoned(["ps", "--all", "--format", LINE], options),
      abandoned(["network", "ls", "--format", LINE], options),
    ]);
    if (containers.length + networks.length === 0) break;
    swept.containers += await remove(["rm", "--force", "--volumes"], containers, options);
    swept.networks += await remove(["network", "rm"], networks, options);
  }
  return swept;
}

const WITHIN_MS = 10_000;
const MOST_TRIES = 5;
const LINE = `{{.ID}} {{.Label "${OWNER_LABEL}"}}`;

type Options = { signal: AbortSignal | undefined; timeoutMs: number };

/** The ids of those that a command lists, whose owner has ended. */
async function abandoned(list: readonly string[], options: Options): Promise<string[]> {
  const listed = await dockerOutput([...list, "--filter", `label=${OWNER_LABEL}`], options);
  const ids: string[] = [];
  for (const line of listed.split("\n").filter(Boolean)) {
    const [id] = line.split(" ", 1);
    const owner = parseOwner(line.slice(id!.length + 1));
    if (owner !== null && (await hasEnded(owner))) ids.push(id!);
  }
  return ids;
}

/** @returns how many it removed; one that somebody else removes at the same time makes no difference */
async function remove(command: readonly string[], ids: readonly string[], options: Options): Promise<number> {
  if (ids.length === 0) return 0;
  const { stdout } = await docker([...command, ...ids], { ...options, timeoutMs: 3 * options.timeoutMs });
  return stdout.split("\n").filter(Boolean).length;
}
