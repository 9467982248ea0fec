import { chmod, mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { EnvironmentError } from "../../src/run/exit.ts";
import { onPath } from "../../src/run/on-path.ts";
import { type Ended, runToEnd } from "../../src/run/process.ts";
import type { Run } from "../../src/run/run.ts";

/**
 * Somebody who has just come to this machine: a user of their own, so that every process and file of theirs is told from
 * everyone else's, with empty folders, and few programs on PATH.
 */
export interface Newcomer {
  uid: number;
  folder: string;
  project: string;
  env: NodeJS.ProcessEnv;
  /** Runs a program of their PATH in their project. */
  run(command: string, args: readonly string[]): Promise<Ended>;
  /** What there still is of theirs and should not be: processes, and files in TMPDIR or outside of `folder` and of `kept`. */
  left(kept: string | null): Promise<string[]>;
}

/**
 * @param programs on their PATH, besides Node's; this machine's own
 * @param groups further groups that they are in, by number
 * @throws EnvironmentError where this process may not act for another user, or a program is missing
 */
export async function newcomer(
  { signal }: Pick<Run, "signal">,
  folder: string,
  {
    uid,
    programs,
    groups,
    variables,
  }: { uid: number; programs: readonly string[]; groups: readonly number[]; variables: Record<string, string> },
): Promise<Newcomer> {
  const at = (name: string) => join(folder, name);
  for (const name of ["", "bin", "home", "tmp", "project"]) await mkdir(at(name), { recursive: true });
  await chmod(folder, 0o755);
  for (const name of [...NODE_NEEDS, ...programs]) await symlink(await programPath(name), at(join("bin", name)));
  await give(folder, uid, signal);
  const env = {
    HOME: at("home"),
    XDG_CACHE_HOME: at("home/.cache"),
    TMPDIR: at("tmp"),
    PATH: at("bin"),
    npm_config_cache: at("home/.npm"),
    npm_config_update_notifier: "false",
    ...variables,
  };
  const member = groups.length > 0 ? `--groups=${groups.join(",")}` : "--clear-groups";
  const setpriv = await programPath("setpriv");
  return {
    uid,
    folder,
    project: at("project"),
    env,
    run: (command, args) =>
      runToEnd(setpriv, [`--reuid=${uid}`, `--regid=${uid}`, member, "--", command, ...args], {
        cwd: at("project"),
        env,
        signal,
      }),
    async left(kept) {
      const theirs = [folder, kept ?? folder].flatMap((path) => ["-path", path, "-prune", "-o"]);
      const [processes, files, temporary] = await Promise.all([
        tool("ps", ["-o", "pid=,stat=,args=", "-u", String(uid)], signal),
        tool("find", [...OPEN_TO_ALL, "-xdev", ...theirs, "-uid", String(uid), "-print"], signal),
        readdir(at("tmp")),
      ]);
      const living = lines(processes.stdout).filter((line) => !ENDED.test(line));
      return [...living, ...lines(files.stdout), ...temporary.map((name) => at(join("tmp", name)))];
    },
  };
}

/** Makes a folder, where there is none, and all in it that user's. @throws EnvironmentError for whom it may not */
export async function give(folder: string, uid: number, signal?: AbortSignal): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { code, output } = await tool("chown", ["-R", `${uid}:${uid}`, folder], signal);
  if (code !== 0) throw new EnvironmentError(`files cannot be given to another user: ${output.trim()}`);
}

/** Z: it has ended, and process 1 has not asked how; in some containers that one never does. */
const ENDED = /^ *\d+ Z/;

/** npx starts what it starts with a shell. */
const NODE_NEEDS = ["node", "npm", "npx", "sh"];

/** Where somebody may write to whom nothing belongs. */
const OPEN_TO_ALL = ["/tmp", "/var/tmp", "/dev/shm", "/run"];

async function programPath(name: string): Promise<string> {
  const [path] = await onPath(name, process.env, ["/usr/sbin"]);
  if (path === undefined) throw new EnvironmentError(`${name} is not on PATH, and this walk needs it`);
  return path;
}

const tool = (command: string, args: readonly string[], signal?: AbortSignal) =>
  runToEnd(command, args, { env: process.env, signal });

const lines = (text: string): string[] => text.split("\n").filter((line) => line.trim() !== "");
