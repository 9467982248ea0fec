import { join } from "node:path";
import { EnvironmentError } from "../../../src/run/exit.ts";
import { lastLines } from "../../../src/run/last-words.ts";
import { runToEnd } from "../../../src/run/process.ts";
import type { Run } from "../../../src/run/run.ts";
import type { Program } from "../find-program.ts";
import { inCache } from "../in-cache.ts";

/**
 * Bun in the project's cache, fetched once from npm, whose package for this platform is the binary itself.
 * @throws EnvironmentError when there is none for this platform, or npm fails
 */
export async function installBun(run: Run, env: NodeJS.ProcessEnv = process.env): Promise<Program> {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (name === undefined) throw new EnvironmentError(`npm has no Bun, ${PURPOSE}, for ${platform}: leave it out here`);
  const fetchIt = async (folder: string) => {
    run.progress.line(`fetching Bun ${VERSION}, ${PURPOSE}, with npm, once (5-60 s, 100 MB)`);
    const args = ["install", "--prefix", folder, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
    const { code, output } = await runToEnd("npm", [...args, `${name}@${VERSION}`], { env, signal: run.signal });
    if (code !== 0) throw new EnvironmentError(`npm could not install ${name} ${VERSION}:${lastLines(output)}`);
  };
  const folder = await inCache(`bun-${VERSION}-${platform}`, fetchIt, env);
  return { path: join(folder, "node_modules", name, "bin/bun"), version: VERSION };
}

const VERSION = "1.4.5";

const PURPOSE = "one of the servers that the probe is tried on";

const PACKAGES: Readonly<Record<string, string>> = {
  "linux-x64": "@oven/bun-linux-x64",
  "linux-arm64": "@oven/bun-linux-aarch64",
  "darwin-x64": "@oven/bun-darwin-x64",
  "darwin-arm64": "@oven/bun-darwin-aarch64",
};
