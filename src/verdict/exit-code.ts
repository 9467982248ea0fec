import { EXIT, type ExitCode } from "../run/exit.ts";
import type { ComparisonVerdict, RunVerdict } from "./judge.ts";
import type { ProbeVerdict } from "./judge-probe.ts";

type Verdict = RunVerdict | ComparisonVerdict | ProbeVerdict;

/**
 * 0 where the verdict is the expected one, 3 where there is none, 1 otherwise.
 * A demo expects "reproduced": `fix-failed` and `not-reproduced` are 1. A probe's verdicts map to those of a run:
 * vulnerable to lost, safe to clean.
 */
export function exitCodeOf(verdict: Verdict, expected: Exclude<Verdict, "inconclusive">): ExitCode {
  if (verdict === "inconclusive") return EXIT.inconclusive;
  return ofRun(verdict) === ofRun(expected) ? EXIT.asExpected : EXIT.expectationFailed;
}

function ofRun(verdict: Exclude<Verdict, "inconclusive">) {
  return verdict === "vulnerable" ? "lost" : verdict === "safe" ? "clean" : verdict;
}
