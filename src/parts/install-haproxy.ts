import { EnvironmentError } from "../run/exit.ts";
import type { Progress } from "../run/progress.ts";
import { findPart } from "./find-part.ts";
import { commandToGet, installWithApt } from "./install-with-apt.ts";
import { PARTS, type Part } from "./part.ts";

/**
 * Installs HAProxy where it can do so without asking: as root on Debian and Ubuntu.
 * @param problem why it has to be installed, as a clause
 * @throws EnvironmentError with the command that gets it, anywhere else and when apt-get fails.
 */
export async function installHaproxy(
  problem: string,
  progress: Progress,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<Part> {
  const command = await haproxyCommand(env);
  if (command !== null) {
    throw new EnvironmentError(
      `${problem}; ${PARTS.haproxy.atLeast} or newer is expected: ${command}; with Docker it is not needed`,
    );
  }
  progress.line(`${problem}: installing Debian's haproxy, which ${PARTS.haproxy.purpose}, with apt-get (10-60 s)`);
  // If systemd starts its service, that takes no port, only a Unix socket in /run: Debian's default haproxy.cfg has no
  // `bind`.
  await installWithApt("haproxy", progress, env, signal);

  const found = await findPart("haproxy", env);
  if ("problem" in found)
    throw new EnvironmentError(`${found.problem}, and this system's package is not newer: ${BY_HAND}`);
  progress.line(`HAProxy ${found.version} installed: ${found.path}`);
  return { ...found, origin: "installed" };
}

/** What the user has to do to get HAProxy; null when installHaproxy() does it. */
export const haproxyCommand = (env: NodeJS.ProcessEnv = process.env): Promise<string | null> =>
  commandToGet({ apt: "haproxy", mac: "brew install haproxy", elsewhere: "haproxy", byHand: BY_HAND }, env);

const BY_HAND =
  "install a newer HAProxy with your package manager or from HAProxy's download page, or name one in ALB502_HAPROXY";
