import { access } from "node:fs/promises";
import { commandToGet, installWithApt } from "../../src/parts/install-with-apt.ts";
import { UsageError } from "../../src/run/exit.ts";
import { onPath } from "../../src/run/on-path.ts";
import { runToEnd } from "../../src/run/process.ts";
import type { Run } from "../../src/run/run.ts";

export interface Nginx {
  path: string;
  /** "1.22.1" */
  version: string;
}

/**
 * The nginx of PATH or /usr/sbin; as root on Debian and Ubuntu it is installed where there is none.
 * @throws UsageError with the command that gets it
 */
export async function findNginx(run: Run, env: NodeJS.ProcessEnv = process.env): Promise<Nginx> {
  const found = await look(run, env);
  if (found !== null) return found;
  const command = (await startsServices()) ? BY_HAND_WITH_SYSTEMD : await commandToGet(NGINX, env);
  if (command !== null)
    throw new UsageError(`nginx is not on PATH, one of the servers that the probe is tried on: ${command}`);
  run.progress.line(
    "nginx is not on PATH: installing Debian's nginx, one of the servers that the probe is tried on, with apt-get, its service not started (5-60 s)",
  );
  await installWithApt(NGINX.apt, run.progress, env, run.signal);
  const installed = await look(run, env);
  if (installed !== null) return installed;
  throw new UsageError(`apt-get installed nginx, but it does not run: ${NGINX.byHand}`);
}

const NGINX = {
  apt: "nginx",
  mac: "brew install nginx",
  byHand: "install nginx with your package manager, and put it on PATH",
};

/** Under systemd the package starts nginx on port 80, whatever the environment says: not ours to do. */
const startsServices = (): Promise<boolean> =>
  access("/run/systemd/system").then(
    () => true,
    () => false,
  );

const BY_HAND_WITH_SYSTEMD =
  "install it with your package manager (sudo apt-get install nginx), and stop its service (sudo systemctl disable --now nginx)";

async function look(run: Run, env: NodeJS.ProcessEnv): Promise<Nginx | null> {
  // Debian installs it where the PATH of a plain user does not look.
  for (const path of await onPath("nginx", env, ["/usr/sbin", "/usr/local/sbin"])) {
    // It prints its version on standard error, which askVersion() does not read.
    const { code, output } = await runToEnd(path, ["-v"], { env, signal: run.signal });
    const version = /nginx\/(\d+\.\d+\.\d+)/.exec(output)?.[1];
    if (code === 0 && version) return { path, version };
  }
  return null;
}
