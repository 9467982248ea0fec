import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EnvironmentError } from "../../src/run/exit.ts";
import { lastLines } from "../../src/run/last-words.ts";
import { runToEnd } from "../../src/run/process.ts";
import { ROOT } from "../../src/run/root.ts";

/** The package as somebody has it who typed `npm install --save-dev alb502`. */
export interface Installed {
  /** Their project, with nothing else in it. */
  project: string;
  /** The package's own folder. */
  root: string;
  /** What npx starts. */
  program: string;
  tarballBytes: number;
  unpackedBytes: number;
}

/**
 * `npm pack`, then `npm install` of the tarball into a project below `scratch`: without the network and with an empty cache
 * of npm's, so with nothing that the tarball does not bring.
 * @throws EnvironmentError with npm's last words
 */
export async function installPackage(scratch: string, signal?: AbortSignal): Promise<Installed> {
  const project = join(scratch, "project");
  await mkdir(project);
  await writeFile(join(project, "package.json"), '{ "name": "project", "private": true }\n');
  const npm = async (cwd: string, args: readonly string[]): Promise<string> => {
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error", `--cache=${join(scratch, "npm")}`];
    const { code, stdout, stderr } = await runToEnd("npm", [...args, ...quiet], { cwd, env: process.env, signal });
    if (code === 0) return stdout;
    throw new EnvironmentError(`npm ${args[0]} ended with ${code ?? "a signal"}:${lastLines(stderr)}`);
  };
  const packed = await npm(ROOT, ["pack", "--json", "--pack-destination", scratch]);
  // Before it stands what prepack has printed.
  const [{ filename, size, unpackedSize }] = JSON.parse(packed.slice(packed.search(/^\[$/m))) as [Packed];
  await npm(project, ["install", "--offline", "--save-dev", join(scratch, filename)]);
  const root = join(project, "node_modules/alb502");
  return {
    project,
    root,
    program: join(project, "node_modules/.bin/alb502"),
    tarballBytes: size,
    unpackedBytes: unpackedSize,
  };
}

/** What `npm pack --json` says of it. */
interface Packed {
  filename: string;
  size: number;
  unpackedSize: number;
}
