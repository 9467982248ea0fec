import { join } from "node:path";
import { fromNpm } from "../../../src/parts/from-npm.ts";
import { EnvironmentError } from "../../../src/run/exit.ts";
import type { Run } from "../../../src/run/run.ts";
import type { Program } from "../find-program.ts";

/**
 * Bun in the project's cache, fetched once from npm, whose package for this platform is the binary itself.
 * @throws EnvironmentError when there is none for this platform, or npm fails
 */
export async function installBun(run: Run, env: NodeJS.ProcessEnv = process.env): Promise<Program> {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (name === undefined) throw new EnvironmentError(`npm has no Bun, ${PURPOSE}, for ${platform}: leave it out here`);
  const fetching = `Bun ${VERSION}, ${PURPOSE}, with npm, once (5-60 s, 100 MB)`;
  const folder = await fromNpm(run, { name, version: VERSION, fetching }, `bun-${VERSION}-${platform}`, env);
  return { path: join(folder, "bin/bun"), version: VERSION };
}

const VERSION = "1.4.5";

const PURPOSE = "one of the servers that the probe is tried on";

const PACKAGES: Readonly<Record<string, string>> = {
  "linux-x64": "@oven/bun-linux-x64",
  "linux-arm64": "@oven/bun-linux-aarch64",
  "darwin-x64": "@oven/bun-darwin-x64",
  "darwin-arm64": "@oven/bun-darwin-aarch64",
};
