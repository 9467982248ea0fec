import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { type LivingProcess, livingWith } from "./living.ts";

/** A real command, running. */
export interface RunningCommand {
  pid: number;
  /** Its TMPDIR, of this run alone. */
  tmp: string;
  /** Resolves when either stream has printed what matches. Rejects when it ends without. */
  printed(pattern: RegExp): Promise<void>;
  /** Resolves when this file is there, relative to the folder that the run makes for itself in `tmp`. */
  file(name: string): Promise<void>;
  ended: Promise<Ended>;
  /** Resolves when the command itself has ended; others may still hold its output open. */
  exited: Promise<unknown>;
  /** Its processes, itself included. */
  living(): Promise<LivingProcess[]>;
  /** What is left of it in TMPDIR. */
  leftovers(): Promise<string[]>;
}

export interface Ended {
  code: number | null;
  /** That ended it, where one did. */
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** performance.now() at its end. */
  atMs: number;
}

/**
 * Runs `node scripts/run.mjs COMMAND` with a TMPDIR of its own; the end of the test kills what is left of it.
 * It runs native unless `args` or `env` say otherwise: what a Docker engine does with it is test/docker's to show.
 */
export async function startCommand(
  t: Pick<TestContext, "after">,
  command: string,
  args: readonly string[],
  { env = {}, wrap = [], root = ROOT, program = join(root, "scripts/run.mjs"), cwd, tmp = newTmp() }: StartOptions = {},
): Promise<RunningCommand> {
  const line = [...wrap, process.execPath, program, command, ...args] as [string, ...string[]];
  const child = spawn(line[0], line.slice(1), {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ALB502_RUNTIME: "native", TMPDIR: tmp, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const living = () => livingWith(`TMPDIR=${env.TMPDIR ?? tmp}`);
  t.after(async () => {
    killAll(await living());
    await rm(tmp, { recursive: true, force: true });
  });

  const output = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      output[stream] += text;
      for (const look of waiting) look();
    });
  }
  const ended = once(child, "close").then(
    ([code, signal]) => ({ code, signal, ...output, atMs: performance.now() }) as Ended,
  );

  return {
    pid: child.pid!,
    tmp,
    ended,
    exited: once(child, "exit"),
    living,
    leftovers: () => readdir(tmp),
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (pattern.test(output.stdout) || pattern.test(output.stderr)) resolve();
        };
        waiting.add(look);
        look();
        void ended.then(({ stdout, stderr }) =>
          reject(new Error(`it printed nothing like ${pattern}: ${stdout}${stderr}`)),
        );
      }),
    async file(name) {
      const isThere = async () => (await readdir(tmp)).some((folder) => existsSync(join(tmp, folder, name)));
      while (child.exitCode === null && !(await isThere())) await delay(1);
    },
  };
}

export interface StartOptions {
  env?: Readonly<Record<string, string>>;
  /** A command that runs the one that follows it, e.g. `unshare --mount`. */
  wrap?: readonly string[];
  /** Of a copy of the product, instead of this one. */
  root?: string;
  /** In place of scripts/run.mjs: an installed package's. */
  program?: string;
  cwd?: string;
  /** Its TMPDIR, which the end of the test removes. */
  tmp?: string;
}

/** A folder for one run's TMPDIR. Short: HAProxy's socket lies in it, and its path may have 104 bytes at most on macOS. */
export const newTmp = (): string => mkdtempSync(join(tmpdir(), "test-"));

const ROOT = join(import.meta.dirname, "..");

function killAll(processes: readonly LivingProcess[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended meanwhile.
    }
  }
}
