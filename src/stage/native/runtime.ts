import { join } from "node:path";
import { ensureParts } from "../../parts/ensure-parts.ts";
import type { Part, PartName } from "../../parts/part.ts";
import type { Run } from "../../run/run.ts";
import type { K6Place, Runtime } from "../stage.ts";
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
    k6: (stage) => {
      const { path } = (parts as Partial<Record<PartName, Part>>).k6!;
      return nativeK6(path, join(run.folder, `${stage?.name ?? "k6"}-dashboard.html`));
    },
  };
}

/** k6 as a process: it sees what we see. */
export const nativeK6 = (path: string, dashboard = "dashboard.html"): K6Place => ({
  command: path,
  line: (args, env) => ({ args, env }),
  fileOf: (bundle) => bundle,
  dashboard: { file: dashboard, seenAs: dashboard },
  lbUrl: null,
  harness: { listenOn: LOOPBACK, seenAs: LOOPBACK },
});

const LOOPBACK = "127.0.0.1";
