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
 * A wrong option, a missing tool, a taken port: something the user can mend.
 * The message is one line that names the value, what was expected and what to do next. Exit code 2.
 */
export class UsageError extends Error {
  override name = "UsageError";
  readonly exitCode: ExitCode = EXIT.usageOrEnvironment;
}

/** The run ended without evidence either way: a part died, nothing was aimed. Exit code 3, never "clean". */
export class InconclusiveError extends Error {
  override name = "InconclusiveError";
  readonly exitCode: ExitCode = EXIT.inconclusive;
}
