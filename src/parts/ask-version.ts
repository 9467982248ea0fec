import { firstLine } from "../run/last-words.ts";
import { runToEnd } from "../run/process.ts";
import { parseVersion } from "./version.ts";

/** What a program says about itself: its version, or why that could not be had, as a clause. */
export type Answer = { version: string } | { problem: string };

/** Runs `path` with `args`, for 10 s at most, and reads the version out of what it prints. */
export async function askVersion(
  path: string,
  args: readonly string[],
  pattern: RegExp,
  env: NodeJS.ProcessEnv,
): Promise<Answer> {
  try {
    const { code, signal, stdout, stderr, timedOut } = await runToEnd(path, args, { env, timeoutMs: ANSWER_WITHIN_MS });
    if (timedOut) return doesNotRun(`no answer within ${ANSWER_WITHIN_MS / 1000} s`);
    if (code !== 0) return doesNotRun(firstLine(stderr) || (signal ?? `exit ${code}`));
    const version = parseVersion(stdout, pattern);
    return version === null ? { problem: `names no version (it printed "${firstLine(stdout)}")` } : { version };
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    return doesNotRun(START_PROBLEMS[code] ?? message);
  }
}

const ANSWER_WITHIN_MS = 10_000;

const START_PROBLEMS: Readonly<Record<string, string>> = { ENOENT: "no such file", EACCES: "permission denied" };

const doesNotRun = (why: string): Answer => ({ problem: `does not run (${why})` });
