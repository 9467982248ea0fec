import * as node from "node:test";
import { type Got, partsForTests } from "../scripts/parts-for-tests.ts";
import type { Part, ProgramName } from "../src/parts/part.ts";
import { createProgress } from "../src/run/progress.ts";
import { withRun } from "../src/run/run.ts";

/** What a test file takes in place of node:test's own. */
export interface Needed<N extends ProgramName> {
  test: typeof node.test;
  describe: typeof node.describe;
  /** None where the tests are skipped. */
  parts: Record<N, Part>;
}

/**
 * Asks for real parts, at the top of the test file that starts them, or of its helper:
 *
 *     const { test, parts } = await needs("haproxy", "k6");
 *
 * A missing part is built or installed right there, with a line, before any test's time starts. Where that fails and
 * something else can be tested, `test` and `describe` skip, with the reason.
 * @throws EnvironmentError where it must be there: partsForTests says when
 */
export async function needs<N extends ProgramName>(...names: N[]): Promise<Needed<N>> {
  const got = await get(names);
  if ("parts" in got) return { test: node.test, describe: node.describe, parts: got.parts };
  const skip = got.leftOut;
  return {
    test: ((title: string) => node.test(title, { skip })) as typeof node.test,
    describe: ((title: string) => node.describe(title, { skip })) as typeof node.describe,
    parts: {} as Record<N, Part>,
  };
}

/** In a run, whose signal ends a build that Ctrl-C comes into. */
async function get<N extends ProgramName>(names: readonly N[]): Promise<Got<N>> {
  let got: Got<N> | undefined;
  const code = await withRun(createProgress(process.stderr), async ({ progress, signal }) => {
    got = await partsForTests(names, progress, signal);
    return 0;
  });
  return got ?? process.exit(code);
}
