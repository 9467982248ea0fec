import { chmod } from "node:fs/promises";
import { EnvironmentError } from "../run/exit.ts";
import { lastLines } from "../run/last-words.ts";
import { runToEnd } from "../run/process.ts";
import type { Progress } from "../run/progress.ts";
import { askVersion } from "./ask-version.ts";
import { type BuiltName, type Recipe, recipe } from "./cache.ts";
import { findGo, GO_AT_LEAST, type Go } from "./find-go.ts";
import { makeInCache } from "./make-in-cache.ts";
import { expected, PARTS, type Part } from "./part.ts";

/**
 * Builds a part from the source that its go.mod in tools/ pins, into the cache; two runs may do so side by side.
 * @param problem why it has to be built, as a clause
 * @throws EnvironmentError when Go is missing or too old, the cache cannot be written or the build fails; the signal's
 * reason when aborted. Nothing but a finished binary stays in the cache.
 */
export async function buildWithGo(
  name: BuiltName,
  problem: string,
  progress: Progress,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<Part> {
  const go = await findGo(env);
  if ("problem" in go) throw new EnvironmentError(`${problem}; ${goNeeded(name, go.problem)}`);
  const how = await recipe(name, env);
  progress.line(
    `${problem}: building ${name} ${how.version}, which ${PARTS[name].purpose}, with Go ${go.version}, ` +
      `once (${how.duration})`,
  );
  const startMs = performance.now();
  await makeInCache("building", name, how.cached, env, async (binary, folder) => {
    await build(name, go, how, binary, folder, env, signal);
    await chmod(binary, 0o700);
  });
  progress.line(
    `${name} ${how.version} built in ${((performance.now() - startMs) / 1000).toFixed(1)} s: ${how.cached}`,
  );
  return { name, path: how.cached, version: how.version, origin: "built" };
}

/** What to do when Go cannot build a part, as the second half of a line. */
export function goNeeded(name: BuiltName, goProblem: string): string {
  const otherwise = name === "actionlint" ? "" : "; with a mirror (ALB502_MIRROR) or with Docker neither is needed";
  return (
    `to build it, Go ${GO_AT_LEAST} or newer is expected, but ${goProblem}: install Go (go.dev/dl), ` +
    `or ${name} ${expected(PARTS[name])} yourself${otherwise}`
  );
}

async function build(
  name: BuiltName,
  go: Go,
  how: Recipe,
  binary: string,
  folder: string,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<void> {
  const { code, output } = await runToEnd(
    go.path,
    // readonly: a user's GOFLAGS=-mod=mod must not rewrite go.sum, which is the pin.
    ["build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags", how.ldflags, "-o", binary, how.package],
    // GOTMPDIR: Go's own scratch files then go with our folder, even when Go is killed.
    { cwd: how.folder, env: { ...env, CGO_ENABLED: "0", GOWORK: "off", GOTMPDIR: folder }, signal },
  );
  if (code !== 0) {
    const why = lastLines(output, /^go: downloading /);
    throw new EnvironmentError(
      `${name} ${how.version} could not be built; go build ended with ${code ?? "a signal"}:${why}`,
    );
  }
  const { versionArgs, versionPattern } = PARTS[name];
  const answer = await askVersion(binary, versionArgs, versionPattern, env);
  if ("problem" in answer)
    throw new EnvironmentError(`the ${name} that was built ${answer.problem}; see go env GOOS GOARCH`);
}
