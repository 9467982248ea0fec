import { access } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { UsageError } from "../cli/exit.ts";
import type { Progress } from "../cli/progress.ts";
import { findPart } from "./find-part.ts";
import { onPath } from "./on-path.ts";
import { PARTS, type Part } from "./part.ts";
import { type Ended, lastLines, runToEnd } from "./run-to-end.ts";

/**
 * Installs HAProxy where that needs nobody's leave: as root on Debian and Ubuntu.
 * @param problem why it has to be installed, as a clause
 * @throws UsageError with the command that gets it, anywhere else and when apt-get fails.
 */
export async function installHaproxy(
  problem: string,
  progress: Progress,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<Part> {
  const command = await haproxyCommand(env);
  if (command !== null) throw new UsageError(`${problem}; ${PARTS.haproxy.atLeast} or newer is expected: ${command}`);
  progress.line(`${problem}: installing Debian's haproxy, which ${PARTS.haproxy.purpose}, with apt-get (10-60 s)`);
  const apt = (args: readonly string[]) => runToEnd("apt-get", [...APT_OPTIONS, ...args], { env: aptEnv(env), signal });

  let ended = await apt(INSTALL);
  if (ended.code !== 0) {
    // A fresh image has no package lists, an old one lists files that are gone: both are what `update` is for.
    progress.line("apt-get has no usable package list: apt-get update");
    ended = await update(apt, signal);
    if (ended.code === 0) ended = await apt(INSTALL);
  }
  if (ended.code !== 0) throw new UsageError(`apt-get could not install haproxy:${lastLines(ended.output)}`);

  const found = await findPart("haproxy", env);
  if ("problem" in found) throw new UsageError(`${found.problem}, and this system's package is no newer: ${BY_HAND}`);
  progress.line(`HAProxy ${found.version} installed: ${found.path}`);
  return { ...found, origin: "installed" };
}

/** What the user has to do to get HAProxy; null when installHaproxy() does it. */
export async function haproxyCommand(env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  if (process.platform === "darwin") return "brew install haproxy";
  const debian = (await onPath("apt-get", env)).length > 0 && (await exists("/etc/debian_version"));
  if (!debian) return BY_HAND;
  return process.getuid?.() === 0 ? null : "sudo apt-get install haproxy";
}

const BY_HAND =
  "install a newer HAProxy with your package manager or from HAProxy's download page, or name one in ALB502_HAPROXY";

const LOCK_WAIT_S = 120;
// Another apt may be at work, e.g. a second run side by side.
const APT_OPTIONS = ["-q", "-o", `DPkg::Lock::Timeout=${LOCK_WAIT_S}`];
// --no-upgrade: a HAProxy that is installed already may be in production; replacing it would restart it.
const INSTALL = ["install", "-y", "--no-install-recommends", "--no-upgrade", "haproxy"];

// The package starts a service. In runlevel 1 invoke-rc.d does not; systemd's way knows no such switch, but Debian's
// default haproxy.cfg has no `bind`, so that service holds a Unix socket in /run and no port.
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
