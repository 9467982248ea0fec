import type { Part, PartName } from "../parts/part.ts";
import type { RuntimeChoice } from "../record/runtime-choice.ts";
import { EnvironmentError } from "../run/exit.ts";
import type { Run } from "../run/run.ts";
import { openDocker } from "./docker/runtime.ts";
import { removeLeftBehind } from "./left-behind.ts";
import { openNative } from "./native/runtime.ts";
import type { Runtime } from "./stage.ts";

/**
 * Makes the parts ready in the chosen runtime; `auto` takes Docker where an engine answers and has the images or can
 * get them, else native, and says which. Also removes what killed runs left behind.
 * @param node that runs our own target app, one of NODES; null = this process's own, or that of the compose file's image
 * @throws EnvironmentError when the chosen one cannot be had
 */
export async function openRuntime<N extends PartName>(
  run: Run,
  wanted: RuntimeChoice,
  names: readonly N[],
  node: string | null = null,
): Promise<Runtime<N>> {
  const removing = removeLeftBehind(wanted !== "native", run.signal);
  // Done before anything is measured.
  return open(run, wanted, names, node).finally(async () => {
    const removed = await removing;
    if (removed !== null) run.progress.line(removed);
  });
}

async function open<N extends PartName>(
  run: Run,
  wanted: RuntimeChoice,
  names: readonly N[],
  node: string | null,
): Promise<Runtime<N>> {
  if (wanted === "native") return openNative(run, names, node);
  if (wanted === "docker") return openDocker(run, names, node);
  try {
    const docker = await openDocker(run, names, node);
    run.progress.line("runtime: docker, as an engine answers (--runtime native uses this machine's own programs)");
    return docker;
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    run.signal.throwIfAborted();
    run.progress.line(`runtime: native; ${error.what}`);
    return openNative(run, names, node);
  }
}

/** The versions of the parts and of what runs them, by name, for the result. */
export const runtimeVersions = ({
  parts,
  versions,
}: {
  parts: Partial<Record<PartName, Part>>;
  versions: Record<string, string>;
}): Record<string, string> => ({
  ...Object.fromEntries(Object.values<Part>(parts).map(({ name, version }) => [name, version])),
  ...versions,
});
