import { createHash } from "node:crypto";
import { access, mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { EnvironmentError } from "../run/exit.ts";
import { cacheFolder } from "./cache.ts";
import { makingFolder } from "./make-in-cache.ts";
import { whyNotOnlyOurs } from "./only-ours.ts";

/**
 * The folder `name` of the project's cache, filled once; two runs may do so side by side.
 * @param fill puts all of it into a folder aside, which is then renamed: whoever sees the folder sees all of it
 * @returns its path
 * @throws EnvironmentError when the cache cannot be written, or others may write to it or to the folder; what `fill`
 * throws, and then nothing of that try is kept
 */
export async function inCache(
  name: string,
  fill: (folder: string) => Promise<void>,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const path = join(cacheFolder(env), name);
  if (await exists(path)) {
    const foreign = await whyNotOnlyOurs(path);
    if (foreign === null) return path;
    throw new EnvironmentError(`no program of ${path} is run, as ${foreign}`, "set XDG_CACHE_HOME to another folder");
  }
  const aside = await makingFolder("building-folder-", env);
  try {
    const made = join(aside, "made"); // beside the file that says whose the folder is
    await mkdir(made, { mode: 0o700 });
    await fill(made);
    await rename(made, path).catch(async (error: Error) => {
      if (!(await exists(path))) throw error; // another run was first: the same is there
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return path;
}

/** Stands in a cached folder's name for what it was made from. */
export async function hashOf(file: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex")
    .slice(0, 12);
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
