import { setTimeout as delay } from "node:timers/promises";
import { EnvironmentError } from "../../run/exit.ts";
import type { Left } from "../../run/undos.ts";
import { type ComposeCommand, compose } from "./compose.ts";
import { dockerOutput } from "./docker.ts";

/** How a project of ours is removed. */
export interface ProjectRemoval {
  /** Safe to call again. @throws as removeProject() */
  remove(): Promise<void>;
  /** The project, until it is removed. */
  left(): Left[];
}

export function projectRemoval(command: ComposeCommand, project: string): ProjectRemoval {
  let removed: Promise<void> | null = null;
  let left: Left[] = [{ what: `Docker project ${project}`, command: commandToRemove(project) }];
  return {
    remove() {
      removed ??= removeProject(command, project).then(() => {
        left = [];
      });
      return removed;
    },
    left: () => left,
  };
}

/**
 * Removes the containers and the network of a project, including those that an interrupted `up` left half made: the
 * engine finishes what it was asked for, even when the client is gone.
 * @throws EnvironmentError when something of it is still there after half a minute
 */
export async function removeProject(command: ComposeCommand, project: string): Promise<void> {
  for (const end = performance.now() + WITHIN_MS; ; await delay(PAUSE_MS)) {
    const down = compose(command, ["--profile", "k6", "down", "--remove-orphans", "--volumes", "--timeout", "2"], {
      timeoutMs: DOWN_MS,
    });
    const failure = await down.then(
      () => null,
      (error: Error) => error,
    );
    const left = await leftOf(project).catch(() => [`Docker project ${project}`]);
    if (left.length === 0) return;
    if (performance.now() < end) continue;
    throw new EnvironmentError(
      `${left.join(", ")} cannot be removed${failure ? ` (${failure.message})` : ""}`,
      `once the Docker engine answers, ${commandToRemove(project)}`,
    );
  }
}

/** Compose finds what it made by its labels: no file is needed. */
const commandToRemove = (project: string): string => `docker compose -p ${project} down --remove-orphans`;

/** A container has 2 s to stop, and a busy engine takes some more. After WITHIN_MS there is no further try. */
const WITHIN_MS = 30_000;
const DOWN_MS = 20_000;

/** An engine that refuses at once must not be asked thousands of times. */
const PAUSE_MS = 1000;

/** Names of the containers and networks of a project. */
export async function leftOf(project: string): Promise<string[]> {
  const label = `label=com.docker.compose.project=${project}`;
  const lists = await Promise.all([
    dockerOutput(["ps", "--all", "--filter", label, "--format", "{{.Names}}"]),
    dockerOutput(["network", "ls", "--filter", label, "--format", "{{.Name}}"]),
  ]);
  return lists.flatMap((list) => list.split("\n").filter(Boolean));
}
