import { docPage } from "../run/doc-page.ts";
import { EnvironmentError } from "../run/exit.ts";
import type { Progress } from "../run/progress.ts";
import { buildWithGo } from "./build-with-go.ts";
import { fetchRelease } from "./fetch-release.ts";
import { findPart } from "./find-part.ts";
import { installHaproxy } from "./install-haproxy.ts";
import { expected, type MissingPart, PARTS, type Part, type ProgramName } from "./part.ts";

/**
 * Finds each named part and gets the missing ones, each announced on `progress` with what and why. One call at a time in
 * this process: of two checks side by side, the second one finds what the first one got.
 * @param signal stops an installation or a build cleanly; the promise then rejects with the signal's reason
 * @throws EnvironmentError with what to do, where a part cannot be had or its override variable does not name one
 */
export async function ensureParts<N extends ProgramName>(
  names: readonly N[],
  progress: Progress,
  signal?: AbortSignal,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Record<N, Part>> {
  if (process.platform === "win32") {
    throw new EnvironmentError(
      "HAProxy does not run on Windows",
      `run alb502 in WSL, a Linux of its own: ${docPage("systems.md")}`,
    );
  }
  const getting = turn.then(() => getAll(names, progress, env, signal));
  turn = getting.catch(() => {});
  return getting;
}

let turn: Promise<unknown> = Promise.resolve();

async function getAll<N extends ProgramName>(
  names: readonly N[],
  progress: Progress,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<Record<N, Part>> {
  signal?.throwIfAborted();
  const looked = await Promise.all(names.map((name) => findPart(name, env)));
  const parts: Partial<Record<ProgramName, Part>> = {};
  // HAProxy first: where it cannot be installed, say so before a minute is spent on getting the others. One at a
  // time: each build uses every core.
  for (const found of looked.sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name))) {
    parts[found.name] = "path" in found ? found : await get(found, progress, env, signal);
  }
  return parts as Record<N, Part>;
}

const ORDER: readonly ProgramName[] = ["haproxy", "actionlint", "toxiproxy", "k6"];

async function get(
  { name, problem, named }: MissingPart,
  progress: Progress,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<Part> {
  if (named) {
    const { binary, variable } = PARTS[name];
    throw new EnvironmentError(
      `${problem}: expected the path of a ${binary} ${expected(PARTS[name])}; fix or unset ${variable}`,
    );
  }
  if (name === "haproxy") return installHaproxy(problem, progress, env, signal);
  if (name === "actionlint") return buildWithGo(name, problem, progress, env, signal);
  const fetched = await fetchRelease(name, problem, progress, env, signal);
  if ("path" in fetched) return fetched;
  return buildWithGo(name, `${problem}, and ${fetched.problem}`, progress, env, signal);
}
