import { type ExecFileException, execFile } from "node:child_process";
import { firstLine } from "./run-to-end.ts";
import { parseVersion } from "./version.ts";

/** What a program says about itself: its version, or why that could not be had, as a clause. */
export type Answer = { version: string } | { problem: string };

/** Runs `path` with `args`, for 10 s at most, and reads the version out of what it prints. */
export function askVersion(
  path: string,
  args: readonly string[],
  pattern: RegExp,
  env: NodeJS.ProcessEnv,
): Promise<Answer> {
  return new Promise((resolve) => {
    execFile(path, args, { env, timeout: ANSWER_WITHIN_MS }, (error, stdout, stderr) => {
      if (error) return resolve({ problem: `does not run (${reason(error, stderr)})` });
      const version = parseVersion(stdout, pattern);
      resolve(version === null ? { problem: `names no version (it printed "${firstLine(stdout)}")` } : { version });
    });
  });
}

const ANSWER_WITHIN_MS = 10_000;

function reason({ code, killed }: ExecFileException, stderr: string): string {
  if (code === "ENOENT") return "no such file";
  if (code === "EACCES") return "permission denied";
  if (killed) return `no answer within ${ANSWER_WITHIN_MS / 1000} s`;
  return firstLine(stderr) || (typeof code === "number" ? `exit ${code}` : `${code}`);
}
