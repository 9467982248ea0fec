import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the docker command to its end, good or bad. @param env added to this process's own */
export function docker(args: readonly string[], env: Record<string, string> = {}): Promise<Said> {
  return new Promise((resolve, reject) => {
    execFile("docker", args, { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") return reject(error);
      resolve({ code: error ? (error.code as unknown as number) : 0, stdout, stderr });
    });
  });
}

/** All containers (stopped ones too), networks and volumes with `mark` in their name or in their project's. */
export async function madeBy(mark: string): Promise<string[]> {
  const lists = await Promise.all((Object.keys(LISTS) as Kind[]).map((kind) => madeOf(kind, mark)));
  return lists.flat();
}

/** Those of one kind: each look is a start of the docker command. */
export async function madeOf(kind: Kind, mark: string): Promise<string[]> {
  return (await lines(...LISTS[kind])).filter((line) => line.includes(mark));
}

export type Kind = "container" | "network" | "volume";

const LABEL = '{{.Label "com.docker.compose.project"}}';
const LISTS: Record<Kind, string[]> = {
  container: ["ps", "--all", "--format", `container {{.Names}} ${LABEL}`],
  network: ["network", "ls", "--format", `network {{.Name}} ${LABEL}`],
  volume: ["volume", "ls", "--format", `volume {{.Name}} ${LABEL}`],
};

/** Removes what a test that failed has left. */
export async function removeMadeBy(mark: string): Promise<void> {
  const made = (await madeBy(mark)).map((line) => line.split(" ") as [kind: string, name: string]);
  const names = (wanted: string) => made.filter(([kind]) => kind === wanted).map(([, name]) => name);
  for (const name of names("container")) await docker(["rm", "--force", "--volumes", name]);
  for (const name of names("network")) await docker(["network", "rm", name]);
  for (const name of names("volume")) await docker(["volume", "rm", name]);
}

async function lines(...args: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)("docker", args);
  return stdout.split("\n").filter(Boolean);
}
