/** What every command's exit code means. k6's own codes (99, 104, 107 ...) are mapped to these, never leaked. */
export const EXIT = {
  asExpected: 0,
  expectationFailed: 1,
  usageOrEnvironment: 2,
  inconclusive: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * A wrong option or value: something the user wrote and can correct.
 * The message is one line that names the value, what was expected and what to do next. Exit code 2.
 */
export class UsageError extends Error {
  override name = "UsageError";
  readonly exitCode: ExitCode = EXIT.usageOrEnvironment;
}

/**
 * What this machine lacks or does wrong: a missing tool, a taken port, an engine that does not answer, a part that does
 * not become ready. The message is one line, made of the pieces: "what: remedy, or alternative". Exit code 2.
 */
export class EnvironmentError extends Error {
  override name = "EnvironmentError";
  readonly exitCode: ExitCode = EXIT.usageOrEnvironment;

  /**
   * @param what the problem, as a clause
   * @param remedy what to do about it; "" where `what` says so already
   * @param alternative what works without it, where something does
   */
  constructor(
    readonly what: string,
    readonly remedy = "",
    alternative = "",
  ) {
    super(`${what}${remedy && `: ${remedy}`}${alternative && `, or ${alternative}`}`);
  }
}

/** The run ended without evidence either way: a part died, nothing was aimed. Exit code 3, never "clean". */
export class InconclusiveError extends Error {
  override name = "InconclusiveError";
  readonly exitCode: ExitCode = EXIT.inconclusive;
}
