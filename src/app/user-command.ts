import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { UsageError } from "../run/exit.ts";
import { announceStart, type Exit } from "../run/process.ts";
import type { Run } from "../run/run.ts";
import { shown } from "../run/shown.ts";
import { spawnGuarded } from "../run/spawn-guarded.ts";
import { groupMembers } from "./group-members.ts";
import { hiding } from "./hide.ts";

export interface UserCommandSpec {
  /** What messages call it: "--start's command". */
  name: string;
  /** One text is a shell's (`sh -c`); a list is a program and its arguments, with no shell in between. */
  command: string | readonly string[];
  /** An absolute path; this process's own folder by default. */
  cwd?: string;
  /** Added to this process's own environment, which the command gets as a whole but for the request's variables. */
  env?: Readonly<Record<string, string>>;
  /** What its group gets when this process ends before it. */
  atOurEnd: "KILL" | "INT";
  /** What must not be shown or kept, should it say that: header values, a body, variables from a file. */
  secrets: readonly string[];
  /** Called with each line of its output, without the secrets. */
  onLine(line: string): void;
}

/** A command of the user's own, running in a process group of its own. */
export interface UserCommand {
  /** Of the process, and of its group. */
  pid: number;
  /** Resolves when the command itself has ended and its output was read; what it left in the background may go on. */
  ended: Promise<Exit>;
  /** Its last lines, fit to be shown. */
  tail(): string[];
  /**
   * Sends `signal` to the whole group, and SIGKILL to what is left of it after `graceMs`. Resolves when the group is gone;
   * safe to call twice.
   */
  stop(signal: NodeJS.Signals, graceMs: number): Promise<void>;
  /** Reads its output no more: what it left in the background may hold it open for ever. */
  letGo(): void;
}

/**
 * Runs what the user gave as a command, with the user's own environment. Its group is ended when this process ends before
 * it, by a `kill -9` too; and where even that failed, by the next run (src/run/run-folder.ts). Who calls this also stops
 * it.
 * @throws UsageError when it cannot be run
 */
export async function startUserCommand({ name, ...spec }: UserCommandSpec): Promise<UserCommand> {
  const [program, ...args] =
    typeof spec.command === "string" ? ["/bin/sh", "-c", spec.command] : (spec.command as [string, ...string[]]);
  const cwd = spec.cwd === undefined ? {} : { cwd: spec.cwd };
  const options = { ...cwd, env: { ...process.env, ...spec.env }, atOurEnd: spec.atOurEnd };
  const child = await spawnGuarded(program!, args, options).catch(({ code, message }: NodeJS.ErrnoException) => {
    throw new UsageError(
      `${name} cannot be run (${code ?? message}): expected a program that is there, as a shell here finds it`,
    );
  });
  const pid = child.pid!;
  const ended = endOf(child);
  announceStart(pid);
  const last: string[] = [];
  const hide = hiding(spec.secrets);
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on("line", (said) => {
      const line = hide(said); // before it is cut, where half a secret would be left
      if (last.push(line) > TAIL_LINES) last.shift();
      spec.onLine(line);
    });
  }
  const letGo = () => {
    for (const stream of [child.stdout!, child.stderr!]) stream.destroy();
  };
  return {
    pid,
    ended,
    letGo,
    tail: () => last.map(fitToShow).filter((line) => line.trim() !== ""),
    async stop(signal, graceMs) {
      signalGroup(pid, signal);
      if (!(await isGone(pid, graceMs))) {
        signalGroup(pid, "SIGKILL");
        await isGone(pid, KILLED_MS);
      }
      letGo(); // one that has left the group may hold it open
    },
  };
}

/** A line of somebody's program, without colours and whatever else a terminal or a CI would obey. */
export const fitToShow = (line: string): string => shown(stripVTControlCharacters(line), LONGEST_LINE);

const TAIL_LINES = 40;
const LONGEST_LINE = 300;
const KILLED_MS = 1000;

/** Its own end, and then what is left in its pipes; others may hold those open for ever. */
async function endOf(child: ChildProcess): Promise<Exit> {
  const closed = new Promise((resolve) => child.once("close", resolve));
  const exit = await new Promise<Exit>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  await Promise.race([closed, delay(LAST_OUTPUT_MS)]);
  return exit;
}

const LAST_OUTPUT_MS = 200;

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false; // nobody is left in it
  }
}

/** Whether the group has ended, or does so within `ms`. */
async function isGone(pid: number, ms: number): Promise<boolean> {
  for (const endMs = performance.now() + ms; await isLiving(pid); await delay(20)) {
    if (performance.now() >= endMs) return false;
  }
  return true;
}

async function isLiving(group: number): Promise<boolean> {
  if (!signalGroup(group, 0)) return false;
  const members = await groupMembers(group);
  return members === null || members.length > 0;
}

/** Stops it at the run's end, however that comes; what is left where even that is given up is named. */
export function stopAtTheEnd(
  run: Pick<Run, "defer">,
  command: UserCommand,
  what: string,
  stop: () => Promise<void>,
): void {
  run.defer(stop, () => [{ what, command: `kill -9 -- -${command.pid}` }]);
}
