import { access } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "../run/exit.ts";
import { lastLines } from "../run/last-words.ts";
import { onPath } from "../run/on-path.ts";
import { type Ended, runToEnd } from "../run/process.ts";
import type { Progress } from "../run/progress.ts";

/** Something that a system's own package manager has. */
export interface SystemPackage {
  /** Debian's and Ubuntu's name for it. */
  apt: string;
  /** What a user of macOS types. */
  mac: string;
  /** Its name with the other package managers that are known here, where all of them call it the same. */
  elsewhere?: string;
  /** What everybody else has to do, as a clause. */
  byHand: string;
}

/** What the user has to do to get `wanted`; null where installWithApt() does it: as root on Debian and Ubuntu. */
export async function commandToGet(wanted: SystemPackage, env: NodeJS.ProcessEnv): Promise<string | null> {
  if (process.platform === "darwin") return wanted.mac;
  const debian = (await onPath("apt-get", env)).length > 0 && (await exists("/etc/debian_version"));
  if (!debian) return (await commandElsewhere(wanted, env)) ?? wanted.byHand;
  return process.getuid?.() === 0 ? null : `sudo apt-get install ${wanted.apt}`;
}

/** With the package manager that is there. */
async function commandElsewhere({ elsewhere }: SystemPackage, env: NodeJS.ProcessEnv): Promise<string | null> {
  if (elsewhere === undefined) return null;
  for (const [manager, args] of MANAGERS) {
    if ((await onPath(manager, env)).length > 0) return `${manager} ${args} ${elsewhere}, as root`;
  }
  return null;
}

const MANAGERS = [
  ["dnf", "install"],
  ["apk", "add"],
  ["pacman", "-S"],
  ["zypper", "install"],
] as const;

/**
 * Installs one Debian package, the package lists brought up to date first where that is needed.
 * @throws EnvironmentError with apt-get's last words; the signal's reason after an abort
 */
export async function installWithApt(
  name: string,
  progress: Progress,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<void> {
  const apt = (args: readonly string[]) => runToEnd("apt-get", [...APT_OPTIONS, ...args], { env: aptEnv(env), signal });
  // --no-upgrade: what is installed already may be in production; replacing it would restart it.
  const install = ["install", "-y", "--no-install-recommends", "--no-upgrade", name];
  let ended = await apt(install);
  if (ended.code !== 0) {
    // A fresh image has no package lists, an old one lists files that are gone: both are what `update` is for.
    progress.line("apt-get has no usable package list: apt-get update");
    ended = await update(apt, signal);
    if (ended.code === 0) ended = await apt(install);
  }
  if (ended.code !== 0) throw new EnvironmentError(`apt-get could not install ${name}:${lastLines(ended.output)}`);
}

const LOCK_WAIT_S = 120;
// Another apt may be at work, e.g. a second run side by side.
const APT_OPTIONS = ["-q", "-o", `DPkg::Lock::Timeout=${LOCK_WAIT_S}`];

// A package may start a service. In runlevel 1 invoke-rc.d does not; systemd has no such switch.
const aptEnv = (env: NodeJS.ProcessEnv) => ({ ...env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1", LC_ALL: "C" });

/** DPkg::Lock::Timeout does not cover the lock on the package lists, so it is waited for here. */
async function update(apt: (args: readonly string[]) => Promise<Ended>, signal?: AbortSignal): Promise<Ended> {
  const untilMs = performance.now() + LOCK_WAIT_S * 1000;
  for (;;) {
    const ended = await apt(["update"]);
    if (ended.code === 0 || !ended.output.includes("Could not get lock") || performance.now() > untilMs) return ended;
    await sleep(1000, undefined, signal ? { signal } : {});
  }
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
