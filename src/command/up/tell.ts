import type { Result } from "../../record/result.ts";
import type { Progress } from "../../run/progress.ts";

/** The result for people, who were told each lost request as it was lost. */
export function tellUp(progress: Progress, { runs }: Result): void {
  for (const { attempts, lost } of runs) progress.line(`${attempts} requests, ${lost} lost to the keep-alive race`);
}
