import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { UsageError } from "../run/exit.ts";

export interface ProcessSpec {
  /** What messages call it: "HAProxy", "k6". */
  name: string;
  command: string;
  args: readonly string[];
  /** Added to this process's own environment; undefined takes a variable of it away. */
  env?: Record<string, string | undefined>;
  /** Each line of standard output or error, as it comes. */
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

/** Starts a process in a group of its own. @throws UsageError when the command cannot be run. */
export async function startProcess(spec: ProcessSpec): Promise<RunningProcess> {
  // detached = a process group of its own: a terminal's Ctrl-C then reaches only us, and we stop the parts in order.
  const child = spawn(spec.command, spec.args, {
    env: { ...process.env, ...spec.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const exited = watchExit(child);
  await started(child, spec);
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
      if (ended(child)) return void (await exited);
      child.kill("SIGTERM");
      const kill = setTimeout(() => killGroup(child), graceMs);
      await exited;
      clearTimeout(kill);
    },
  };
  return running;
}

const TAIL_LINES = 20;

const living = new Set<ChildProcess>();
// The last resort, for an end of this process that ran no clean-up (an uncaught exception).
process.on("exit", () => {
  for (const child of living) killGroup(child);
});

function watchExit(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once("close", (code, signal) => {
      living.delete(child);
      resolve({ code, signal });
    });
  });
}

function started(child: ChildProcess, spec: ProcessSpec): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", () => {
      living.add(child);
      resolve();
    });
    child.once("error", (error) => {
      reject(new UsageError(`${spec.name} cannot be run as ${spec.command}: ${error.message}; see npm run doctor`));
    });
  });
}

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

function killGroup(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, "SIGKILL");
  } catch {
    // It ended meanwhile: nothing is left to kill.
  }
}
