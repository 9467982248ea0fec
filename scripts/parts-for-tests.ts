import { parseChoice } from "../src/cli/values.ts";
import { ensureParts } from "../src/parts/ensure-parts.ts";
import { PARTS, type Part, type ProgramName } from "../src/parts/part.ts";
import { EnvironmentError } from "../src/run/exit.ts";
import type { Progress } from "../src/run/progress.ts";
import { findEngine } from "../src/stage/docker/engine.ts";

/** What tests get: the parts that they asked for, or why they are to be skipped. */
export type Got<N extends ProgramName> = { parts: Record<N, Part> } | { leftOut: string };

/**
 * Finds the parts, or gets them. Where they cannot be had but a Docker engine answers, the tests that start them outside
 * of containers are left out.
 * @throws EnvironmentError where there is no engine either, and always in CI: there a failed download must not make it green
 * with most of the tests left out
 */
export async function partsForTests<N extends ProgramName>(
  names: readonly N[],
  progress: Progress,
  signal: AbortSignal,
): Promise<Got<N>> {
  if (only() !== null) return { leftOut: `${VARIABLE}=${only()}: ${names.join(", ")} not asked for` };
  try {
    return { parts: await ensureParts(names, progress, signal) };
  } catch (error) {
    if (!(error instanceof EnvironmentError) || process.env.CI) throw error;
    const engine = await findEngine(signal).catch(() => null);
    if (engine === null) throw error;
    return { leftOut: error.message };
  }
}

/** The variable by which npm test tells its tests what they may start. Unset: everything. */
const VARIABLE = "ALB502_TEST_PARTS";

/** What it has set it to. @throws UsageError for what is neither */
function only(): "none" | "containers" | null {
  const { [VARIABLE]: set } = process.env;
  return set === undefined ? null : parseChoice(VARIABLE, set, ["none", "containers"] as const);
}

/** For tests where only containers can be had: those that ask for a part are skipped, without another try to get it. */
export const CONTAINERS_ONLY = { [VARIABLE]: "containers" };

/** For the fast lane. A test that starts a part all the same, without having asked for it, fails: none is where it looks. */
export const NO_PARTS = {
  [VARIABLE]: "none",
  ...Object.fromEntries(Object.values(PARTS).map(({ variable }) => [variable, "not asked for (see test/needs.ts)"])),
};

/** For `skip`, of what needs more than Node or a core to itself: the reason in the fast lane, elsewhere false. */
export const fastLane: string | false = only() === "none" && `left out of the fast lane (${VARIABLE}=none)`;
