import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { hashOf, inCache } from "../../../src/parts/in-cache.ts";
import { EnvironmentError } from "../../../src/run/exit.ts";
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
 * @throws EnvironmentError when there is no Python, or pip fails
 */
export async function pythonPackages(run: Run, env: NodeJS.ProcessEnv = process.env): Promise<PythonPackages> {
  const python = await findPython(run, env);
  const name = `python-servers-${python.abi}-${await hashOf(REQUIREMENTS)}`;
  return { ...python, site: await inCache(name, (folder) => install(run, python, folder, env), env) };
}

const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");

async function install(run: Run, { path, version }: Python, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  run.progress.line(
    `fetching gunicorn, uWSGI and others for Python ${version}, servers that the probe is tried on, once (5-30 s)`,
  );
  const pip = async (command: string, args: readonly string[]) => {
    const { code, output } = await runToEnd(command, args, { env, signal: run.signal });
    if (code !== 0)
      throw new EnvironmentError(
        `${path} could not install what test/servers/python/requirements.txt names:${lastLines(output)}`,
      );
  };
  // A virtual environment has its own path in its scripts and cannot be renamed; a --target folder can. So it only
  // lends its pip, which a Debian's python3 has not got, and which may install there (PEP 668).
  const venv = await mkdtemp(join(run.folder, "venv-"));
  await pip(path, ["-m", "venv", venv]);
  const args = ["--quiet", "--no-deps", "--only-binary=:all:", "--target", folder, "--requirement", REQUIREMENTS];
  await pip(join(venv, "bin/python"), ["-m", "pip", "install", ...args]);
}
