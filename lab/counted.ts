import type { Measured } from "./experiment.ts";

/**
 * What ordinary traffic came to, which was aimed at nothing: one lost request shows a loss, and no loss takes enough of
 * them to mean something.
 * @param least for clean
 * @param said "3 of 9,485 requests were answered with a 5xx"
 */
export function counted(
  { attempts, lost }: Pick<Measured, "attempts" | "lost">,
  least: number,
  said: string,
): Pick<Measured, "verdict" | "attempts" | "lost" | "idleCloseMs" | "reasons"> {
  const few = lost === 0 && attempts < least;
  return {
    verdict: few ? "inconclusive" : lost > 0 ? "lost" : "clean",
    ...{ attempts, lost, idleCloseMs: null },
    reasons: [
      ...(few ? [`Only ${attempts} requests were sent, and none lost means something from ${least} on.`] : []),
      said,
    ],
  };
}
