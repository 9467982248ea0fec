import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../../src/parts/cache.ts";
import { UsageError } from "../../../src/run/exit.ts";
import { lastLines } from "../../../src/run/last-words.ts";
import { runToEnd } from "../../../src/run/process.ts";
import type { Run } from "../../../src/run/run.ts";
import { findPython, type Python } from "./find-python.ts";

/** A Python and the folder with what requirements.txt names, for PYTHONPATH. */
export interface PythonPackages extends Python {
  site: string;
}

/**
 * The packages of requirements.txt in the project's cache, fetched once per Python; two runs may do so side by side.
 * @throws UsageError when there is no Python, or pip fails
 */
export async function pythonPackages(run: Run, env: NodeJS.ProcessEnv = process.env): Promise<PythonPackages> {
  const python = await findPython(run, env);
  const hash = createHash("sha256")
    .update(await readFile(REQUIREMENTS))
    .digest("hex")
    .slice(0, 12);
  const site = join(cacheFolder(env), `python-servers-${python.abi}-${hash}`);
  if (!(await exists(site))) await install(run, python, site, env);
  return { ...python, site };
}

const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");

/** Aside, then renamed: whoever sees the folder sees all of it. */
async function install(run: Run, { path, version }: Python, site: string, env: NodeJS.ProcessEnv): Promise<void> {
  run.progress.line(
    `fetching gunicorn and uWSGI for Python ${version}, two of the servers that the probe is tried on, once (5-30 s)`,
  );
  await mkdir(cacheFolder(env), { recursive: true });
  const folder = await mkdtemp(join(cacheFolder(env), "building-python-servers-"));
  const pip = async (command: string, args: readonly string[]) => {
    const { code, output } = await runToEnd(command, args, { env, signal: run.signal });
    if (code !== 0)
      throw new UsageError(
        `${path} could not install what test/servers/python/requirements.txt names:${lastLines(output)}`,
      );
  };
  try {
    // A virtual environment has its own path in its scripts and cannot be renamed; a --target folder can. So it only
    // lends its pip, which a Debian's python3 has not got, and which may install there (PEP 668).
    const venv = join(folder, "venv");
    const built = join(folder, "site");
    await pip(path, ["-m", "venv", venv]);
    const args = ["--quiet", "--no-deps", "--only-binary=:all:", "--target", built, "--requirement", REQUIREMENTS];
    await pip(join(venv, "bin/python"), ["-m", "pip", "install", ...args]);
    await rename(built, site).catch(async (error: Error) => {
      if (!(await exists(site))) throw error; // another run was first: the same is there
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
