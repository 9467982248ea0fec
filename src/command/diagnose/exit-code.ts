import type { Diagnosis } from "../../diagnose/diagnosis.ts";
import { EXIT, type ExitCode } from "../../run/exit.ts";

/** 0 only where the log was read and the LB made no 5xx. */
export function exitCodeOf({ verdict }: Diagnosis): ExitCode {
  switch (verdict) {
    case "race":
    case "errors":
      return EXIT.expectationFailed;
    case "inconclusive":
      return EXIT.inconclusive;
    case "clean":
      return EXIT.asExpected;
  }
}
