import type { CommandLine } from "../cli/command-line.ts";
import { type OutputOptions, outputAsFarAsKnown } from "../cli/output-options.ts";
import { type Refusal, tellGithubRefusal } from "../report/refusal.ts";
import { EXIT, type ExitCode, InconclusiveError } from "../run/exit.ts";
import { clearFolder } from "../run/out-folder.ts";
import { createProgress, type Progress } from "../run/progress.ts";
import { type Run, withRun } from "../run/run.ts";

/** What is specific to a command. O: its options; S: what it saw; R: its result. */
export interface Definition<O extends OutputOptions, S, R> {
  commandLine: CommandLine<O>;
  /**
   * Does what the command is for.
   * @param begin to be called once nothing is left that a user could have to fix first, and before anything is kept in
   * --out's folder: an earlier run's result there is removed then, and not before
   * @throws UsageError for what the user can fix, InconclusiveError when a part dies
   */
  run(run: Run, options: O, begin: () => void): Promise<S>;
  result(seen: S, options: O, startedAt: Date): R;
  /** The result of a run that an InconclusiveError ended; a command without this leaves none. */
  unfinished?(reason: string, options: O, startedAt: Date): R;
  /** What --json prints. */
  json(result: R): string;
  /** What --out keeps; a command without this has no --out. */
  folder?: Folder<R, S>;
  /** Tells people the result. */
  tell(progress: Progress, result: R, options: O): void;
  /** Tells GitHub Actions, where it runs there. */
  tellGithub?(result: R, progress: Progress): void;
  exitCode(result: R, options: O): ExitCode;
}

export interface Folder<R, S> {
  /** Makes it, and looks whether it can be written to. @throws UsageError where not */
  prepare(path: string): void;
  /** @param seen null for an unfinished result. @throws UsageError as `prepare` does */
  write(path: string, result: R, seen: S | null): void;
  /** Leaves what CI systems read of a run that could not be carried out. @throws as `prepare` does */
  refuse?(path: string, refusal: Refusal): void;
}

/**
 * Makes a command of its definition: --help, progress, --out, --json, GitHub, the exit code. Under --json progress goes to
 * standard error, so that standard output holds the JSON and nothing else.
 * The command throws what scripts/run.mjs prints as one line: a UsageError leaves no result, an InconclusiveError the
 * unfinished one.
 * @returns the command, from its arguments to its exit code
 */
export function define<O extends OutputOptions, S, R>(definition: Definition<O, S, R>) {
  const { commandLine, folder } = definition;
  return async function main(argv: readonly string[]): Promise<number> {
    const startedAt = new Date();
    const refuse = (error: unknown, { json, out }: OutputOptions) => {
      const refusal = { command: commandLine.called.split(" ").at(-1)!, message: messageOf(error) };
      tellGithubRefusal(refusal, createProgress(json ? process.stderr : process.stdout), process.env);
      try {
        if (out !== null) folder?.refuse?.(out, refusal);
      } catch {
        // The folder cannot be written to, or is not for us: the line on standard error has to do.
      }
      return error;
    };
    let options: O | null;
    try {
      options = commandLine.parse(argv);
    } catch (error) {
      throw refuse(error, outputAsFarAsKnown(argv));
    }
    if (options === null) {
      process.stdout.write(`${commandLine.help()}\n`);
      return EXIT.asExpected;
    }
    const { json, out } = options;
    const progress = createProgress(json ? process.stderr : process.stdout);
    let begun = false;
    const begin = () => {
      if (out !== null && !begun) clearFolder(out);
      begun = true;
    };
    const publish = (result: R, seen: S | null) => {
      begin();
      if (out !== null) folder?.write(out, result, seen);
      // The error says why there is no result.
      if (seen !== null) definition.tell(progress, result, options);
      definition.tellGithub?.(result, progress);
      if (json) process.stdout.write(definition.json(result));
    };
    const ended = withRun(progress, async (run) => {
      if (out !== null) folder?.prepare(out);
      try {
        const seen = await definition.run(run, options, begin);
        const result = definition.result(seen, options, startedAt);
        publish(result, seen);
        return definition.exitCode(result, options);
      } catch (error) {
        // What was interrupted leaves no result, and no earlier one that would pass for its own.
        if (run.signal.aborted) begin();
        run.signal.throwIfAborted();
        if (error instanceof InconclusiveError && definition.unfinished) {
          publish(definition.unfinished(`${error.message}.`, options, startedAt), null);
        }
        throw error;
      }
    });
    return ended.catch((error) => {
      // Of an inconclusive run everything is told: its result has the reason.
      throw error instanceof InconclusiveError ? error : refuse(error, options);
    });
  };
}

/** An error of our own is printed with its stack, which may hold anything: it is not repeated elsewhere. */
const messageOf = (error: unknown): string =>
  error instanceof Error && "exitCode" in error
    ? error.message
    : "alb502 failed by an error of its own: see its output";
