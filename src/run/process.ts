import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { called } from "./called.ts";
import { EnvironmentError } from "./exit.ts";
import { partEnvironment } from "./part-environment.ts";
import { spawnGuarded } from "./spawn-guarded.ts";

export interface ProcessSpec {
  /** What messages call it: "HAProxy", "k6". */
  name: string;
  command: string;
  args: readonly string[];
  /** Added to what a part gets of this process's own environment; undefined removes a variable. */
  env?: Record<string, string | undefined>;
  /** Called with each line of standard output or error. */
  onLine?: (line: string, stream: "stdout" | "stderr") => void;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process that this run started and will stop. */
export interface RunningProcess {
  name: string;
  pid: number;
  /** Resolves when the process has ended and its output was read; never rejects. */
  exited: Promise<Exit>;
  /** True from the moment stop() was called: its end is no surprise. */
  stopping: boolean;
  /** Its last lines, for the one error message that quotes them. */
  tail(): string[];
  /** SIGTERM, and SIGKILL to its whole group after graceMs; resolves when it has ended. Safe to call twice. */
  stop(graceMs?: number): Promise<void>;
}

/**
 * Starts a process that goes on until it is stopped, in a group of its own. The group is killed when this process ends,
 * however it ends.
 * @throws EnvironmentError when the command cannot be run
 */
export async function startProcess(spec: ProcessSpec): Promise<RunningProcess> {
  const env = { ...partEnvironment(process.env), ...spec.env };
  const child = await spawnGuarded(spec.command, spec.args, { env, atOurEnd: "KILL" }).catch(
    ({ code, message }: NodeJS.ErrnoException) => {
      throw new EnvironmentError(
        `${spec.name} cannot be run as ${spec.command}: ${code ?? message}; see ${called("doctor")}`,
      );
    },
  );
  const exited = exitOf(child);
  announceStart(child.pid!);
  const last: string[] = [];
  for (const stream of ["stdout", "stderr"] as const) {
    createInterface({ input: child[stream]! }).on("line", (line) => {
      if (last.push(line) > TAIL_LINES) last.shift();
      spec.onLine?.(line, stream);
    });
  }

  const running: RunningProcess = {
    name: spec.name,
    pid: child.pid!,
    exited,
    stopping: false,
    tail: () => [...last],
    async stop(graceMs = 2000) {
      running.stopping = true;
      if (hasEnded(child)) return void (await exited);
      child.kill("SIGTERM");
      const kill = setTimeout(() => signalGroup(child, "SIGKILL"), graceMs);
      await exited;
      clearTimeout(kill);
    },
  };
  return running;
}

/** Tells those who listen by onStart() of a process that was started otherwise. */
export function announceStart(pid: number): void {
  for (const listener of startListeners) listener(pid);
}

/** Calls `listener` with the pid of each process that startProcess() starts. @returns a function that stops that */
export function onStart(listener: (pid: number) => void): () => void {
  startListeners.add(listener);
  return () => startListeners.delete(listener);
}

export interface Ended extends Exit {
  stdout: string;
  stderr: string;
  /** Both, interleaved. */
  output: string;
  /** It was killed after timeoutMs. */
  timedOut: boolean;
}

export interface ToEndOptions {
  cwd?: string;
  /** The whole environment. */
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  /** After which it is killed with its group; by default, never. */
  timeoutMs?: number;
  /** How long it may take to end after an abort, before it is killed with its group. */
  graceMs?: number;
  /** What its group gets when this process ends before it. Default SIGINT, as by an abort. */
  atOurEnd?: "KILL" | "INT";
}

/**
 * Runs a tool until it has ended, and collects its output.
 * Abort does what Ctrl-C in a terminal does, SIGINT to the tool and its children, and waits: both Go and apt then
 * clean up after themselves, which a SIGTERM or SIGKILL would prevent.
 * @throws the signal's reason after an abort; an error with its `code`, ENOENT or EACCES, when it cannot be started
 */
export async function runToEnd(command: string, args: readonly string[], options: ToEndOptions): Promise<Ended> {
  const { signal, timeoutMs, graceMs } = options;
  signal?.throwIfAborted();
  const child = await spawnGuarded(command, args, { atOurEnd: "INT", ...options });
  const exited = exitOf(child);
  const ended = { stdout: "", stderr: "", output: "", timedOut: false };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]!.setEncoding("utf8").on("data", (text: string) => {
      ended[stream] += text;
      ended.output += text;
    });
  }
  const timers: NodeJS.Timeout[] = [];
  const later = (ms: number | undefined, action: () => void) => {
    if (ms !== undefined) timers.push(setTimeout(action, ms));
  };
  const kill = () => {
    signalGroup(child, "SIGKILL");
    for (const stream of [child.stdout, child.stderr]) stream!.destroy(); // a child outside the group may hold them open
  };
  const interrupt = () => {
    signalGroup(child, "SIGINT");
    later(graceMs, kill);
  };
  later(timeoutMs, () => {
    ended.timedOut = true;
    kill();
  });
  signal?.addEventListener("abort", interrupt);
  if (signal?.aborted) interrupt(); // while it was being started
  const exit = await exited;
  signal?.removeEventListener("abort", interrupt);
  for (const timer of timers) clearTimeout(timer);
  signal?.throwIfAborted();
  return { ...exit, ...ended };
}

const TAIL_LINES = 20;

const startListeners = new Set<(pid: number) => void>();

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-child.pid!, signal);
  } catch {
    // It ended meanwhile.
  }
}
