import { access } from "node:fs/promises";
import { commandToGet, installWithApt, type SystemPackage } from "../../src/parts/install-with-apt.ts";
import { compareVersions } from "../../src/parts/version.ts";
import { EnvironmentError } from "../../src/run/exit.ts";
import { firstLine } from "../../src/run/last-words.ts";
import { onPath } from "../../src/run/on-path.ts";
import { runToEnd } from "../../src/run/process.ts";
import type { Run } from "../../src/run/run.ts";

/** A program of this machine. */
export interface Program {
  path: string;
  /** "1.22.1" */
  version: string;
}

/** A program that a system's package manager has, and how to tell its version. */
export interface WantedProgram extends SystemPackage {
  /** The name of its file. */
  binary: string;
  /** What it is wanted for, as a clause: "one of the servers that the probe is tried on". */
  purpose: string;
  /** Arguments with which it prints its version. */
  ask: readonly string[];
  /** For that, added to this process's own environment. */
  env?: NodeJS.ProcessEnv;
  /** With the version as its first group. */
  version: RegExp;
  atLeast?: string;
  /** The service that its Debian package starts, where it has one. */
  service?: string;
}

/**
 * The first of PATH and the sbin folders that is new enough; as root on Debian and Ubuntu it is installed where there is
 * none.
 * @throws EnvironmentError with the command that gets it
 */
export async function findProgram(
  run: Run,
  wanted: WantedProgram,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Program> {
  const found = await look(run, wanted, env);
  if ("path" in found) return found;
  const { problem } = found;
  const command = (await startsService(wanted)) ? byHandWithSystemd(wanted) : await commandToGet(wanted, env);
  if (command !== null) throw new EnvironmentError(`${problem}, ${wanted.purpose}: ${command}`);
  const idle = wanted.service ? ", its service not started" : "";
  run.progress.line(`${problem}: installing Debian's ${wanted.apt}, ${wanted.purpose}, with apt-get${idle} (5-60 s)`);
  await installWithApt(wanted.apt, run.progress, env, run.signal);
  const installed = await look(run, wanted, env);
  if ("path" in installed) return installed;
  throw new EnvironmentError(`apt-get installed ${wanted.apt}, but ${installed.problem}: ${wanted.byHand}`);
}

/** Under systemd the package starts its service, whatever the environment says: not ours to do. */
const startsService = async ({ service }: WantedProgram): Promise<boolean> =>
  service !== undefined &&
  access("/run/systemd/system").then(
    () => true,
    () => false,
  );

const byHandWithSystemd = ({ apt, service }: WantedProgram): string =>
  `install it with your package manager (sudo apt-get install ${apt}), and stop its service (sudo systemctl disable --now ${service})`;

async function look(run: Run, wanted: WantedProgram, env: NodeJS.ProcessEnv): Promise<Program | { problem: string }> {
  const { binary, ask, atLeast = "0" } = wanted;
  const problems: string[] = [];
  // Debian installs servers where the PATH of a plain user does not look.
  for (const path of await onPath(binary, env, ["/usr/sbin", "/usr/local/sbin"])) {
    // Some print it on standard error, which askVersion() does not read.
    const { code, output } = await runToEnd(path, ask, { env: { ...env, ...wanted.env }, signal: run.signal });
    const version = wanted.version.exec(output)?.[1];
    if (code !== 0 || !version) problems.push(`${path} does not tell its version (${firstLine(output)})`);
    else if (compareVersions(version, atLeast) < 0) problems.push(`${path} is ${version}, older than ${atLeast}`);
    else return { path, version };
  }
  return { problem: problems[0] ?? `${binary} is not on PATH` };
}
