import { UsageError } from "./exit.ts";

/** What to do about a file of --out's folder that could not be written: `what` it is, and where. */
export function unwritten(what: string, path: string, { code }: NodeJS.ErrnoException): UsageError {
  const name = JSON.stringify(path); // keeps a name with a line break on the one line
  return new UsageError(
    `the ${what} ${name} cannot be written (${code}): make room there or give --out another folder`,
  );
}
