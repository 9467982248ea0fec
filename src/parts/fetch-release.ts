import { createHash } from "node:crypto";
import { chmod, writeFile } from "node:fs/promises";
import { EnvironmentError } from "../run/exit.ts";
import { partEnvironment } from "../run/part-environment.ts";
import type { Progress } from "../run/progress.ts";
import { askVersion } from "./ask-version.ts";
import { download, LIMITS, type Limits, megabytes, shown } from "./download.ts";
import { makeInCache } from "./make-in-cache.ts";
import { PARTS, type Part } from "./part.ts";
import { mirrorOf, type Release, type ReleasedName, releaseOf } from "./releases.ts";
import { unpack } from "./unpack.ts";

/**
 * Fetches the official release of a part for this platform into the cache. Nothing of it is unpacked, let alone run,
 * before its SHA-256 sum is found right.
 * @param problem why it has to be had, as a clause
 * @returns the part, or why it was not fetched, as a clause; then something else has to be tried
 * @throws EnvironmentError when the cache cannot be written; UsageError as releaseOf() does; the signal's reason after an
 * abort. Nothing but a finished program stays in the cache.
 */
export async function fetchRelease(
  name: ReleasedName,
  problem: string,
  progress: Progress,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
  limits: Limits = LIMITS,
): Promise<Part | { problem: string }> {
  const release = releaseOf(name, env);
  if ("problem" in release) return { problem: `its release is not fetched, as ${release.problem}` };
  const mirror = mirrorOf(env);
  if (mirror === null) return { problem: "its release is not fetched, as ALB502_MIRROR is off" };
  const { version, path, cached, sumsFrom } = release;
  const url = new URL(path, mirror);
  const what = `${name} ${version}`;
  const startMs = performance.now();
  const onStart = (bytes: number | null) =>
    progress.line(
      `${problem}: fetching ${what}, which ${PARTS[name].purpose}, from ${shown(url)}, once` +
        `${bytes === null ? "" : ` (${megabytes(bytes)})`}${sumsFrom === null ? "" : `; its sum is that of ${sumsFrom}`}`,
    );
  const onProgress = (bytes: number) => progress.transient(`${what}: ${megabytes(bytes)}`);
  const got = await download(url, { env, onStart, onProgress, signal, limits });
  if ("problem" in got) return got;
  const unpacked = await checkAndUnpack(got.content, release, url, limits);
  if ("problem" in unpacked) return unpacked;
  const failed = await keep(unpacked.content, name, release, url, env);
  signal?.throwIfAborted();
  if (failed !== null) return { problem: failed };
  progress.line(
    `${what} fetched in ${((performance.now() - startMs) / 1000).toFixed(1)} s, its sum is right: ${cached}`,
  );
  return { name, path: cached, version, origin: "fetched" };
}

async function checkAndUnpack(content: Buffer, { sha256, program }: Release, url: URL, limits: Limits) {
  const sum = createHash("sha256").update(content).digest("hex");
  if (sum !== sha256) {
    return {
      problem: `what ${shown(url)} sends is not the release and was thrown away (SHA-256 ${sum}, expected ${sha256})`,
    };
  }
  if (program === null) return { content };
  const unpacked = await unpack(content, url.pathname, program, 4 * limits.bytes);
  return "problem" in unpacked ? { problem: `${shown(url)} ${unpacked.problem}` } : unpacked;
}

/** @returns why it was not kept, as a clause; null once it is in the cache */
async function keep(
  content: Buffer,
  name: ReleasedName,
  { version, cached }: Release,
  url: URL,
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  try {
    await makeInCache("fetching", name, cached, env, async (program) => {
      await writeFile(program, content);
      await chmod(program, 0o700);
      const { versionArgs, versionPattern } = PARTS[name];
      const answer = await askVersion(program, versionArgs, versionPattern, partEnvironment(env));
      if ("problem" in answer) throw new NotIt(answer.problem);
      if (answer.version !== version) throw new NotIt(`is version ${answer.version}, expected ${version}`);
    });
    return null;
  } catch (error) {
    if (error instanceof NotIt) return `the program of ${shown(url)} ${error.message}`;
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : new EnvironmentError(`${cached} cannot be written: ${message}`);
  }
}

class NotIt extends Error {}
