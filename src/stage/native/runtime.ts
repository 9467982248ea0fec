import { join } from "node:path";
import { ensureParts } from "../../parts/ensure-parts.ts";
import { installNode } from "../../parts/node.ts";
import { PARTS, type Part, type PartName } from "../../parts/part.ts";
import type { Run } from "../../run/run.ts";
import type { Runtime } from "../stage.ts";
import { nativeK6 } from "./k6.ts";
import { startStage } from "./start-stage.ts";

/**
 * The parts as processes of this machine, on loopback.
 * @param node that runs our own target app, one of NODES; null = this process's own
 * @throws EnvironmentError when one cannot be had
 */
export async function openNative<N extends PartName>(
  run: Run,
  names: readonly N[],
  node: string | null,
): Promise<Runtime<N>> {
  const parts = await ensureParts(names, run.progress, run.signal);
  const paths = pathsOf(parts);
  const target = node === null ? OWN_NODE : await installNode(run, node);
  return {
    name: "native",
    parts,
    versions: {},
    targetNode: target.version,
    bundles: run.folder,
    startStage: (within, settings) => startStage(within, paths, settings, target.path),
    standaloneK6(trusted) {
      const k6 = nativeK6(paths.k6.path, join(run.folder, "k6-dashboard.html"));
      // Go then reads these, and still the folder of the system's own (crypto/x509, root_unix.go).
      const ours = trusted === null || process.env.SSL_CERT_FILE ? {} : { SSL_CERT_FILE: trusted };
      return { ...k6, line: (k6Args, more) => k6.line(k6Args, { ...ours, ...more }) };
    },
  };
}

const OWN_NODE = { path: process.execPath, version: process.versions.node };

/** The path of each part; of one that was not asked for, and is not started then, its name. */
function pathsOf(parts: Partial<Record<PartName, Part>>): Record<PartName, Pick<Part, "path">> {
  const pathOf = (name: PartName) => ({ path: parts[name]?.path ?? PARTS[name].binary });
  return { haproxy: pathOf("haproxy"), k6: pathOf("k6"), toxiproxy: pathOf("toxiproxy") };
}
