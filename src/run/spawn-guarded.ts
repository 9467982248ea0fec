import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Duplex } from "node:stream";
import { onPath } from "./on-path.ts";
import { withoutRequest } from "./part-environment.ts";

/**
 * Spawns a command in a process group of its own: a terminal's Ctrl-C then reaches only us, and we stop the parts in
 * order. A guard in that group reads from us: it sees our end, a SIGKILL included, and ends the group.
 * @throws an error with its `code` when there is no such command, or this user may not run it
 */
export async function spawnGuarded(
  command: string,
  args: readonly string[],
  { cwd, env, atOurEnd }: { cwd?: string; env: NodeJS.ProcessEnv; atOurEnd: "KILL" | "INT" },
): Promise<ChildProcess> {
  const found = await find(command, env, cwd);
  const child = spawn("/bin/sh", ["-c", GUARDED, "sh", atOurEnd, found, ...args], {
    ...(cwd !== undefined && { cwd }),
    env: withoutRequest(env),
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    detached: true,
  });
  const guard = child.stdio[3] as Duplex;
  guard.on("error", () => {}).resume(); // an EPIPE, where the guard was killed with the group
  child.once("exit", () => guard.end("over\n"));
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  return child;
}

/**
 * The guard, then the command in this shell's place: pid, exit code and signals are the command's own. The guard's
 * `read` fails when our end of the pipe closes without a line. It keeps the command's output open, so that the output's
 * end is the guard's end too. What asks the group to stop is not meant for it: until the group has stopped it is needed.
 */
const GUARDED = `
/bin/sh -c 'trap "" HUP INT QUIT TERM USR1 USR2; read -r over || kill -s "$0" 0' "$1" <&3 &
shift
exec 3<&-
exec "$@"`;

/** The file that is to be run: the shell would find it too, but not say why it cannot run it. */
async function find(command: string, env: NodeJS.ProcessEnv, cwd = ""): Promise<string> {
  if (!command.includes("/")) {
    const [found] = await onPath(command, env);
    if (found === undefined) throw Object.assign(new Error(`${command} is not on PATH`), { code: "ENOENT" });
    return found;
  }
  const file = resolve(cwd, command);
  await access(file, constants.X_OK);
  if (!(await stat(file)).isFile()) throw Object.assign(new Error(`${command} is not a file`), { code: "EACCES" });
  return command;
}
