import { commandToGet, installWithApt } from "../../../src/parts/install-with-apt.ts";
import { compareVersions } from "../../../src/parts/version.ts";
import { EnvironmentError } from "../../../src/run/exit.ts";
import { firstLine } from "../../../src/run/last-words.ts";
import { onPath } from "../../../src/run/on-path.ts";
import { runToEnd } from "../../../src/run/process.ts";
import type { Run } from "../../../src/run/run.ts";

/** A Python that can make virtual environments. */
export interface Python {
  path: string;
  /** "3.11.7" */
  version: string;
  /** What its compiled modules are for: "cpython-311-x86_64-linux-gnu". */
  abi: string;
}

/**
 * The first python3 of PATH and /usr/bin that is new enough and has venv and pip; as root on Debian and Ubuntu it is
 * installed where there is none.
 * @throws EnvironmentError with the command that gets it
 */
export async function findPython(run: Run, env: NodeJS.ProcessEnv = process.env): Promise<Python> {
  const found = await look(run, env);
  if ("path" in found) return found;
  const command = await commandToGet(PYTHON, env);
  const expected = `Python ${AT_LEAST} or newer with venv and pip is expected`;
  if (command !== null) throw new EnvironmentError(`${found.problem}; ${expected}: ${command}`);
  run.progress.line(
    `${found.problem}: installing Debian's python3-venv, for gunicorn, uWSGI and others, with apt-get (10-60 s)`,
  );
  await installWithApt(PYTHON.apt, run.progress, env, run.signal);
  const installed = await look(run, env);
  if ("path" in installed) return installed;
  throw new EnvironmentError(
    `${installed.problem}, and this system's package is no better; ${expected}: ${PYTHON.byHand}`,
  );
}

/** gunicorn's own bound. */
const AT_LEAST = "3.10";

const PYTHON = {
  apt: "python3-venv",
  mac: "brew install python3",
  byHand: "install a newer python3 with your package manager, and put it on PATH",
};

async function look(run: Run, env: NodeJS.ProcessEnv): Promise<Python | { problem: string }> {
  const problems: string[] = [];
  for (const path of await onPath("python3", env, ["/usr/bin"])) {
    const { code, output } = await runToEnd(path, ["-c", ASK], { env, signal: run.signal });
    const [version = "", abi = ""] = firstLine(output).split(" ");
    if (code !== 0) problems.push(`${path} has no venv or no pip (${output.trim().split("\n").at(-1)})`);
    else if (compareVersions(version, AT_LEAST) < 0) problems.push(`${path} is Python ${version}`);
    else return { path, version, abi };
  }
  return { problem: problems[0] ?? "python3 is not on PATH" };
}

// ensurepip is what Debian leaves out of python3: https://docs.python.org/3/library/ensurepip.html
const ASK =
  "import sys, sysconfig, venv, ensurepip; print('%d.%d.%d' % sys.version_info[:3], sysconfig.get_config_var('SOABI'))";
