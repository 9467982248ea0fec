import { EXIT, type ExitCode } from "../src/run/exit.ts";
import type { LabResult } from "./record.ts";

/** What is not as expected weighs more than what could not be told. */
export function labExitCode({ experiments }: LabResult): ExitCode {
  const arms = experiments.flatMap((one) => one.arms);
  if (arms.some(({ asExpected }) => asExpected === false)) return EXIT.expectationFailed;
  return arms.some(({ asExpected }) => asExpected === null) ? EXIT.inconclusive : EXIT.asExpected;
}
