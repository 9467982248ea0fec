import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";

/**
 * The folder `name` of the project's cache, filled once; two runs may do so side by side.
 * @param fill puts all of it into a folder aside, which is then renamed: whoever sees the folder sees all of it
 * @returns its path
 * @throws what `fill` throws; nothing of that try is kept
 */
export async function inCache(
  name: string,
  fill: (folder: string) => Promise<void>,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const path = join(cacheFolder(env), name);
  if (await exists(path)) return path;
  await mkdir(cacheFolder(env), { recursive: true });
  const aside = await mkdtemp(join(cacheFolder(env), "building-server-"));
  try {
    await fill(aside);
    await rename(aside, path).catch(async (error: Error) => {
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
