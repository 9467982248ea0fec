import type { Run } from "../../cli/run.ts";
import { ensureParts } from "../../parts/ensure-parts.ts";
import type { Part, PartName } from "../../parts/part.ts";
import type { K6Place, Runtime } from "../runtime.ts";
import { startStage } from "./start-stage.ts";

/** The parts as processes of this machine, on loopback. @throws UsageError when one cannot be had */
export async function openNative<N extends PartName>(run: Run, names: readonly N[]): Promise<Runtime<N>> {
  const parts = await ensureParts(names, run.progress, run.signal);
  return {
    name: "native",
    parts,
    versions: {},
    targetNode: process.versions.node,
    bundles: run.folder,
    startStage: (within, settings) => startStage(within, parts as Record<PartName, Part>, settings),
    k6: () => nativeK6((parts as Partial<Record<PartName, Part>>).k6!.path),
  };
}

/** k6 as a process: it sees what we see. */
export const nativeK6 = (path: string): K6Place => ({
  command: path,
  args: [],
  env: {},
  fileOf: (bundle) => bundle,
  lbUrl: null,
  harness: { listenOn: LOOPBACK, seenAs: LOOPBACK },
});

const LOOPBACK = "127.0.0.1";
