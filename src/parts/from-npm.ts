import { join } from "node:path";
import { EnvironmentError } from "../run/exit.ts";
import { lastLines } from "../run/last-words.ts";
import { runToEnd } from "../run/process.ts";
import type { Run } from "../run/run.ts";
import { inCache } from "./in-cache.ts";

/** A package that only some commands need, at one version. */
export interface NpmPackage {
  name: string;
  version: string;
  /** In a message, with what it costs: "Node 22.23.3 with npm, once (5-30 s, 30-100 MB)". */
  fetching: string;
}

/**
 * The package in the project's cache, with what it depends on, fetched once; no script of it is run.
 * @param folderName in the cache; whatever makes a difference to what is fetched has to be in it
 * @returns the package's own folder
 * @throws EnvironmentError with npm's last words
 */
export async function fromNpm(
  run: Pick<Run, "progress" | "signal">,
  { name, version, fetching }: NpmPackage,
  folderName: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const fetchIt = async (folder: string) => {
    run.progress.line(`fetching ${fetching}`);
    const args = ["install", "--prefix", folder, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
    const { code, output } = await runToEnd("npm", [...args, `${name}@${version}`], { env, signal: run.signal });
    if (code !== 0) throw new EnvironmentError(`npm could not install ${name} ${version}:${lastLines(output)}`);
  };
  return join(await inCache(folderName, fetchIt, env), "node_modules", name);
}
