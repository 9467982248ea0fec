import { UsageError } from "../cli/exit.ts";
import type { Run } from "../cli/run.ts";
import type { Part, PartName } from "../parts/part.ts";
import { openDocker } from "./docker/runtime.ts";
import { openNative } from "./native/runtime.ts";
import type { Stage, StageSettings } from "./stage.ts";

export const RUNTIMES = ["auto", "docker", "native"] as const;
export type RuntimeChoice = (typeof RUNTIMES)[number];

/** Where the parts run: as processes on loopback, or in containers. */
export interface Runtime<N extends PartName = PartName> {
  name: "docker" | "native";
  parts: Record<N, Part>;
  /** Versions of what runs the parts, beside theirs: Docker's and Compose's. */
  versions: Record<string, string>;
  /** The version of the Node that runs our own target app. */
  targetNode: string;
  /** The folder for bundles that parts are to run. */
  bundles: string;
  /** Starts target, network and LB, each ready before the next; `run`'s end stops them. */
  startStage(run: Run, settings: StageSettings): Promise<Stage>;
  /** How k6 is run in front of `stage`; of an LB that nobody here started, when null. */
  k6(stage: Stage | null): K6Place;
}

/** How to start k6 where it runs, and how it sees the world from there. */
export interface K6Place {
  command: string;
  /** What makes the command run k6 with `k6Args`, and with `variables` in k6's own environment. */
  line(
    k6Args: readonly string[],
    variables: Record<string, string>,
  ): { args: readonly string[]; env: Record<string, string | undefined> };
  /** A file of the runtime's `bundles`, as k6 finds it. */
  fileOf(bundle: string): string;
  /** Where k6 leaves its web dashboard when it is asked for one: on this machine, and as k6 calls it. */
  dashboard: { file: string; seenAs: string };
  /** The LB's address; null = the stage's lbUrl. */
  lbUrl: string | null;
  /** The address of this machine on which k6 can reach it, and what k6 calls it. */
  harness: { listenOn: string; seenAs: string };
}

/**
 * Makes the parts ready in the chosen runtime; `auto` takes Docker where an engine answers and has the images or can
 * get them, else native, and says which.
 * @throws UsageError when the chosen one cannot be had
 */
export async function openRuntime<N extends PartName>(
  run: Run,
  wanted: RuntimeChoice,
  names: readonly N[],
): Promise<Runtime<N>> {
  if (wanted === "native") return openNative(run, names);
  if (wanted === "docker") return openDocker(run, names);
  try {
    const docker = await openDocker(run, names);
    run.progress.line("runtime: docker, as an engine answers (--runtime native uses this machine's own programs)");
    return docker;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    run.signal.throwIfAborted();
    run.progress.line(`runtime: native; ${error.message.split(/[:;] /)[0]}`);
    return openNative(run, names);
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
