import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { EnvironmentError } from "../run/exit.ts";
import { makeOwnedFolder } from "../run/run-folder.ts";
import { cacheFolder } from "./cache.ts";
import { whyNotOurs } from "./only-ours.ts";

/**
 * Makes a program in a folder of its own and moves it to `cached`, whole; two runs may do so side by side. Nothing else
 * stays in the cache.
 * @param verb with `name` the folder's name, as MAKING_FOLDERS has it
 * @param make leaves the program at the path that it is given, or throws
 * @throws EnvironmentError when the cache cannot be written, or others may write to it; what `make` throws
 */
export async function makeInCache(
  verb: "building" | "fetching",
  name: string,
  cached: string,
  env: NodeJS.ProcessEnv,
  make: (program: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await makingFolder(`${verb}-${name}-`, env);
  try {
    const program = join(folder, name);
    await make(program, folder);
    await rename(program, cached);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * A folder in the cache that says whose it is, for what is made ready: after a kill -9 the next run removes it.
 * @param prefix as MAKING_FOLDERS has it
 * @throws EnvironmentError when the cache cannot be written, or others may write to it
 */
export async function makingFolder(prefix: string, env: NodeJS.ProcessEnv): Promise<string> {
  const cache = cacheFolder(env);
  const foreign = await mkdir(cache, { recursive: true, mode: 0o700 })
    .then(() => whyNotOurs(cache))
    .catch(() => null); // making a folder in it says more
  if (foreign !== null) {
    throw new EnvironmentError(
      `programs are not kept in the cache folder, as ${foreign}`,
      "set XDG_CACHE_HOME to another",
    );
  }
  try {
    // In the cache itself, as a rename is atomic only within one file system.
    return await makeOwnedFolder(cache, prefix);
  } catch (error) {
    throw new EnvironmentError(
      `the cache folder ${cache} cannot be written: ${(error as Error).message}; set XDG_CACHE_HOME to another`,
    );
  }
}
