import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { PARTS, type Part, type PartName } from "../../parts/part.ts";
import { parseVersion } from "../../parts/version.ts";
import { EnvironmentError } from "../../run/exit.ts";
import { lastLine } from "../../run/last-words.ts";
import type { Ended } from "../../run/process.ts";
import type { Run } from "../../run/run.ts";
import { docker, PIDS, USE_NATIVE } from "./docker.ts";
import { OWNER_LABEL, ownerLabel } from "./sweep.ts";

export interface Image {
  image: string;
  /** Of the program in it: "3.2.26". */
  version: string;
}

/**
 * Pulls the images that the engine lacks, and asks each program its version by running it, so that one for another
 * processor is found now.
 * @param bundles a folder with something in it, which the containers are to see
 * @throws EnvironmentError when one cannot be had, does not run, or does not see that folder
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

/**
 * The image of another Node, of the same repository: NODE_IMAGE may name a mirror.
 * @param image "registry.example:5000/node:24-alpine@sha256:..."
 * @param node "22"
 */
export const nodeImage = (image: string, node: string): string =>
  `${image.replace(/@.*$/, "").replace(/:[^/:]*$/, "")}:${node}-alpine`;

const isThere = async (image: string): Promise<boolean> =>
  (await docker(["image", "inspect", "--format", "{{.Id}}", image])).code === 0;

async function pull({ progress, signal }: Run, image: string): Promise<void> {
  progress.line(`${image} is not on this machine: docker pull ${image}`);
  const { code, output } = await docker(["pull", "--quiet", image], { signal, timeoutMs: PULL_WITHIN_MS });
  if (code === 0) return;
  throw new EnvironmentError(
    `the image ${image} is missing and cannot be pulled (${lastLine(output)})`,
    "reach its registry, docker load it, name another one in docker-compose.yml's variables (.env.example)",
    USE_NATIVE,
  );
}

/** Some 100 MB, over the slowest connection that anybody would wait for. */
const PULL_WITHIN_MS = 30 * 60_000;

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
  throw new EnvironmentError(
    `the image ${image} does not hold a ${name} that runs here (${lastLine(output)})`,
    `docker image rm ${image} and try again`,
    USE_NATIVE,
  );
}

// Also: does the engine see what the containers are to run? A snap's, or one in a virtual machine, may not.
const SEES = 'require("fs").readdirSync("/seen")[0] ?? process.exit(1); console.log(process.version)';
const NODES = /^v(\d+\.\d+\.\d+)/m;

/** The engine's file system is not this machine's. */
export const unseen = (folder: string): EnvironmentError =>
  new EnvironmentError(
    `the Docker engine does not see ${folder}`,
    "set TMPDIR to a folder that it shares (a snap's Docker sees only your home)",
    USE_NATIVE,
  );

/** Runs a container for a moment, as nobody and with no more rights than that takes. */
async function runOnce({ folder, signal }: Run, name: string, args: readonly string[]): Promise<Ended> {
  const container = `${basename(folder).toLowerCase()}-${name}-version`;
  const options = ["--rm", "--name", container, "--label", `${OWNER_LABEL}=${await ownerLabel()}`, "--network=none"];
  const rights = ["--user=65534:65534", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", PIDS];
  let over = false;
  // Not by the signal: a client that is interrupted between creating and starting a container leaves it behind.
  const removeIt = async () => {
    for (; !over; await delay(250)) await docker(["rm", "--force", container]).catch(() => {});
  };
  signal.throwIfAborted();
  signal.addEventListener("abort", removeIt, { once: true });
  try {
    return await docker(["run", ...options, ...rights, ...args], { timeoutMs: RUN_WITHIN_MS });
  } finally {
    over = true;
    signal.removeEventListener("abort", removeIt);
    signal.throwIfAborted();
  }
}

const RUN_WITHIN_MS = 60_000;
