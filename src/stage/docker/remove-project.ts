import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type ComposeCommand, compose } from "./compose.ts";

/**
 * Removes the containers and the network of a project, those included that an interrupted `up` left on their way: the
 * engine finishes what it was asked for, also when the one who asked is gone.
 * @throws Error when something of it is still there after a minute
 */
export async function removeProject(command: ComposeCommand, project: string): Promise<void> {
  for (const end = Date.now() + 60_000; ; ) {
    const failure = await compose(command, [
      "--profile",
      "k6",
      "down",
      "--remove-orphans",
      "--volumes",
      "--timeout",
      "2",
    ])
      .then(() => null)
      .catch((error: Error) => error);
    const left = await leftOf(project);
    if (left.length === 0) return;
    if (Date.now() > end) {
      throw new Error(`${left.join(", ")} cannot be removed${failure ? `: ${failure.message}` : ""}`);
    }
  }
}

/** Names of the containers and networks of a project. */
export async function leftOf(project: string): Promise<string[]> {
  const label = `label=com.docker.compose.project=${project}`;
  const lists = await Promise.all([
    docker("ps", "--all", "--filter", label, "--format", "{{.Names}}"),
    docker("network", "ls", "--filter", label, "--format", "{{.Name}}"),
  ]);
  return lists.flat();
}

async function docker(...args: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)("docker", args);
  return stdout.split("\n").filter(Boolean);
}
