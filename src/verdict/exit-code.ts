import { EXIT, type ExitCode } from "../cli/exit.ts";
import type { ComparisonVerdict, RunVerdict } from "./judge.ts";

type Verdict = RunVerdict | ComparisonVerdict;

/**
 * 0 where the verdict is the expected one, 3 where there is none, 1 otherwise.
 * A demo expects "reproduced": `fix-failed` and `not-reproduced` are 1.
 */
export function exitCodeOf(verdict: Verdict, expected: Exclude<Verdict, "inconclusive">): ExitCode {
  if (verdict === expected) return EXIT.asExpected;
  return verdict === "inconclusive" ? EXIT.inconclusive : EXIT.expectationFailed;
}
