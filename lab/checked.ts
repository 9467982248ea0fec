import { checkCommandLine } from "../src/command/check/options.ts";
import { checkFound } from "../src/command/check/result.ts";
import { runCheck } from "../src/command/check/run.ts";
import { setting } from "../src/record/units.ts";
import type { Arm, Expectation, Measured } from "./experiment.ts";
import type { LabTarget } from "./targets/target.ts";

/** A target behind the simulated ALB, as `npm run check` does it: with its verdict, its evidence and its control. */
export interface Checked {
  name: string;
  target: LabTarget;
  /** Of the LB; an ALB's 60 s where nothing is said. */
  lbIdleMs?: number;
  /** More of check's own options. */
  options?: readonly string[];
  expect: Expectation;
}

export const checked = ({ name, target, lbIdleMs = 60_000, options = [], expect }: Checked): Arm => ({
  name,
  expect,
  async measure(run, lab) {
    const { url, version } = await target.start(run, lab);
    const line = [
      url,
      "--lb-idle",
      `${lbIdleMs}ms`,
      "--runtime",
      "native",
      "--expect",
      expect === "clean" ? "clean" : "lost",
    ];
    const asked = checkCommandLine.parse([...line, ...options])!;
    const found = checkFound(await runCheck(run, asked), asked);
    const [{ inWindow, lost, lostInWindow }] = found.runs as [(typeof found.runs)[0]];
    const isClean = found.verdict === "clean" || found.verdict === "safe";
    return {
      verdict: isClean
        ? "clean"
        : found.verdict === "inconclusive" || found.verdict === "vulnerable"
          ? found.verdict
          : "lost",
      attempts: inWindow,
      lost: isClean ? lost : lostInWindow,
      idleCloseMs: found.probe.idleCloseMs,
      reasons: found.reasons,
      versions: { ...found.versions, target: version },
      more: claims(found.probe.claimedMs),
    } satisfies Measured;
  },
});

const claims = (claimedMs: number | null): Record<string, string> =>
  claimedMs === null ? {} : { claims: setting(claimedMs) };
