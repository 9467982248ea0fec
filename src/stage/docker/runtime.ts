import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Part, PartName } from "../../parts/part.ts";
import type { Run } from "../../run/run.ts";
import { bundleSetNetwork } from "../bundle.ts";
import type { Runtime } from "../stage.ts";
import { readComposeFacts } from "./compose.ts";
import { findEngine } from "./engine.ts";
import { ensureImages, imagePart, nodeImage } from "./images.ts";
import { standaloneK6 } from "./k6.ts";
import { startDockerStage } from "./start-stage.ts";
import { ownerLabel } from "./sweep.ts";
import type { DockerScene } from "./up.ts";

/**
 * The parts in containers, by docker-compose.yml.
 * @param node that runs our own target app, one of NODES; null = that of the compose file's image
 * @throws EnvironmentError when the engine or an image cannot be had
 */
export async function openDocker<N extends PartName>(
  run: Run,
  names: readonly N[],
  node: string | null,
): Promise<Runtime<N>> {
  const engine = await findEngine(run.signal);
  const asWritten = await readComposeFacts(run.signal);
  const facts =
    node === null
      ? asWritten
      : { ...asWritten, images: { ...asWritten.images, node: nodeImage(asWritten.images.node, node) } };
  const bundles = join(run.folder, "bundles");
  await mkdir(bundles, { recursive: true });
  await chmod(bundles, 0o755); // whatever the umask: in its container every part is another user
  await bundleSetNetwork(bundles);
  const images = await ensureImages(run, facts.images, [...names, "node" as const], bundles);
  const scene: DockerScene = { engine, facts, bundles, owner: await ownerLabel() };
  return {
    name: "docker",
    parts: Object.fromEntries(names.map((name) => [name, imagePart(name, images[name])])) as Record<N, Part>,
    versions: { docker: engine.version, compose: engine.composeVersion },
    targetNode: images.node.version,
    bundles,
    startStage: (within, settings) => startDockerStage(within, scene, settings),
    standaloneK6: (trusted) => standaloneK6(run, scene, trusted),
  };
}
