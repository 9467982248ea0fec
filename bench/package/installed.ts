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
  await writeFile(join(project, "package.json"), PROJECT);
  const { file, ...sizes } = await pack(scratch, signal);
  await npm(project, ["install", "--offline", "--save-dev", file], scratch, signal);
  const root = join(project, "node_modules/alb502");
  return { project, root, program: join(project, "node_modules/.bin/alb502"), ...sizes };
}

/** What `npm init` leaves of an empty folder, as far as an install needs it. */
export const PROJECT = '{ "name": "project", "private": true }\n';

/** `npm pack` of this clone into `scratch`. @throws EnvironmentError with npm's last words */
export async function pack(
  scratch: string,
  signal?: AbortSignal,
): Promise<{ file: string; tarballBytes: number; unpackedBytes: number }> {
  const packed = await npm(ROOT, ["pack", "--json", "--pack-destination", scratch], scratch, signal);
  // Before it stands what prepack has printed.
  const [{ filename, size, unpackedSize }] = JSON.parse(packed.slice(packed.search(/^\[$/m))) as [Packed];
  return { file: join(scratch, filename), tarballBytes: size, unpackedBytes: unpackedSize };
}

/** @returns its standard output */
async function npm(cwd: string, args: readonly string[], scratch: string, signal?: AbortSignal): Promise<string> {
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error", `--cache=${join(scratch, "npm")}`];
  const { code, stdout, stderr } = await runToEnd("npm", [...args, ...quiet], { cwd, env: process.env, signal });
  if (code === 0) return stdout;
  throw new EnvironmentError(`npm ${args[0]} ended with ${code ?? "a signal"}:${lastLines(stderr)}`);
}

/** What `npm pack --json` says of it. */
interface Packed {
  filename: string;
  size: number;
  unpackedSize: number;
}
