import { execFile } from "node:child_process";
import { basename } from "node:path";
import { PARTS, type Part, type PartName } from "../../parts/part.ts";
import { lastLine, runToEnd } from "../../parts/run-to-end.ts";
import { parseVersion } from "../../parts/version.ts";
import { UsageError } from "../../run/exit.ts";
import type { Run } from "../../run/run.ts";

export interface Image {
  image: string;
  /** Of the program in it: "3.2.26". */
  version: string;
}

/**
 * Pulls the images that the engine has not got, and asks each program its version: by running it, so that one for
 * another processor is found out now.
 * @param bundles a folder with something in it, which the containers are to see
 * @throws UsageError when one cannot be had, does not run, or does not see that folder
 */
export async function ensureImages<N extends PartName | "node">(
  run: Run,
  images: Record<PartName | "node", string>,
  names: readonly N[],
  bundles: string,
): Promise<Record<N, Image>> {
  for (const name of names) if (!(await isThere(images[name]))) await pull(run, images[name]);
  const found = await Promise.all(
    names.map(
      async (name) =>
        [name, { image: images[name], version: await versionIn(name, images[name], bundles, run) }] as const,
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
  throw new UsageError(
    `the image ${image} is missing and cannot be pulled (${lastLine(output)}): reach its registry, docker load it, name another one in docker-compose.yml's variables (.env.example), or use --runtime native`,
  );
}

async function versionIn(name: PartName | "node", image: string, bundles: string, run: Run): Promise<string> {
  // The entry points of haproxy's image and of node's take a program, those of the others take its arguments.
  const args =
    name === "node"
      ? ["--mount", `type=bind,source=${bundles},target=/seen,readonly`, image, "node", "-e", SEES]
      : [image, ...(name === "haproxy" ? ["haproxy"] : []), ...PARTS[name].versionArgs];
  const { code, output } = await runOnce(run, name, args);
  const version = code === 0 ? parseVersion(output, name === "node" ? NODES : PARTS[name].versionPattern) : null;
  if (version !== null) return version;
  if (/bind source path does not exist|mounts denied|ENOENT/i.test(output)) throw unseen(bundles);
  throw new UsageError(
    `the image ${image} does not hold a ${name} that runs here (${lastLine(output)}): docker image rm ${image} and try again, or use --runtime native`,
  );
}

// Also: does the engine see what the containers are to run? A snap's, or one in a virtual machine, may not.
const SEES = 'require("fs").readdirSync("/seen")[0] ?? process.exit(1); console.log(process.version)';
const NODES = /^v(\d+\.\d+\.\d+)/m;

/** The engine's file system is not this machine's. */
export const unseen = (folder: string): UsageError =>
  new UsageError(
    `the Docker engine does not see ${folder}: set TMPDIR to a folder that it shares (a snap's Docker sees only your home), or use --runtime native`,
  );

async function runOnce({ folder, signal }: Run, name: string, args: readonly string[]) {
  const container = `${basename(folder).toLowerCase()}-${name}-version`;
  // Not by the signal: a client that is interrupted between making and starting a container leaves it behind.
  const removing = setInterval(() => signal.aborted && execFile("docker", ["rm", "--force", container], () => {}), 250);
  const all = ["run", "--rm", "--name", container, "--network=none", ...args];
  const ended = await runToEnd("docker", all, { env: process.env }).finally(() => clearInterval(removing));
  signal.throwIfAborted();
  return ended;
}
