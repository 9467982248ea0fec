import { execFile } from "node:child_process";
import { basename } from "node:path";
import { UsageError } from "../../cli/exit.ts";
import type { Run } from "../../cli/run.ts";
import { PARTS, type Part, type PartName } from "../../parts/part.ts";
import { lastLines, runToEnd } from "../../parts/run-to-end.ts";
import { parseVersion } from "../../parts/version.ts";

export interface Image {
  image: string;
  /** Of the program in it: "3.2.26". */
  version: string;
}

/**
 * Pulls the images that the engine has not got, and asks each program its version: by running it, so that one for
 * another processor is found out now.
 * @throws UsageError when one cannot be had, or does not run
 */
export async function ensureImages<N extends PartName | "node">(
  run: Run,
  images: Record<PartName | "node", string>,
  names: readonly N[],
): Promise<Record<N, Image>> {
  for (const name of names) if (!(await isThere(images[name]))) await pull(run, images[name]);
  const found = await Promise.all(
    names.map(
      async (name) => [name, { image: images[name], version: await versionIn(name, images[name], run) }] as const,
    ),
  );
  return Object.fromEntries(found) as Record<N, Image>;
}

export const imagePart = (name: PartName, { image, version }: Image): Part => ({
  name,
  path: image,
  version,
  origin: "image",
});

const isThere = (image: string): Promise<boolean> =>
  new Promise((resolve) => {
    execFile("docker", ["image", "inspect", "--format", "{{.Id}}", image], (error) => resolve(error === null));
  });

async function pull({ progress, signal }: Run, image: string): Promise<void> {
  progress.line(`${image} is not on this machine: docker pull ${image}`);
  const { code, output } = await runToEnd("docker", ["pull", "--quiet", image], { env: process.env, signal });
  if (code === 0) return;
  const words = lastLines(output).trim().split("\n").at(-1)?.trim() ?? "";
  throw new UsageError(
    `the image ${image} is missing and cannot be pulled (${words}): reach its registry, docker load it, name another one in docker-compose.yml's variables (.env.example), or use --runtime native`,
  );
}

const NODE = { versionArgs: ["node", "--version"], versionPattern: /^v(\d+\.\d+\.\d+)/m };

async function versionIn(name: PartName | "node", image: string, { folder, signal }: Run): Promise<string> {
  const { versionArgs, versionPattern } = name === "node" ? NODE : PARTS[name];
  // The entry points of haproxy's image and of node's take a program, those of the others take its arguments.
  const args = name === "haproxy" ? ["haproxy", ...versionArgs] : versionArgs;
  const container = `${basename(folder).toLowerCase()}-${name}-version`;
  // Not by the signal: a client that is interrupted between making and starting a container leaves it behind.
  const removing = setInterval(() => signal.aborted && execFile("docker", ["rm", "--force", container], () => {}), 250);
  const { code, output } = await runToEnd(
    "docker",
    ["run", "--rm", "--name", container, "--network=none", image, ...args],
    { env: process.env },
  ).finally(() => clearInterval(removing));
  signal.throwIfAborted();
  const version = code === 0 ? parseVersion(output, versionPattern) : null;
  if (version !== null) return version;
  throw new UsageError(
    `the image ${image} does not hold a ${name} that runs here (${lastLines(output).trim().split("\n").at(-1)?.trim()}): docker image rm ${image} and try again, or use --runtime native`,
  );
}
