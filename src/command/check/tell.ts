import type { Result } from "../../record/result.ts";
import { setting } from "../../record/units.ts";
import { adviceText, headlineOf, keptLine } from "../../report/headline.ts";
import { terminalPicture } from "../../report/picture/text.ts";
import { terminalTable } from "../../report/table.ts";
import { EXIT } from "../../run/exit.ts";
import type { Progress } from "../../run/progress.ts";
import { exitCodeOf } from "../../verdict/exit-code.ts";
import type { CheckOptions } from "./options.ts";

/** The result for people: what was seen, the verdict, and what to do about it. */
export function tellCheck(progress: Progress, result: Result, options: CheckOptions): void {
  const { probe, lb, reasons, advice } = result;
  if (probe.connections > 0) {
    const claim = probe.claimedMs === null ? "" : `; its Keep-Alive header says ${setting(probe.claimedMs)}`;
    progress.line(`probe: ${probe.outcome}${claim}; the LB keeps them ${setting(lb.idleTimeoutMs)}: ${probe.verdict}`);
  }
  progress.line(`\n${terminalTable(result)}\n${TABLE_KEY}\n`);
  terminalPicture(result, progress);
  const held = exitCodeOf(result.verdict, options.expect) === EXIT.asExpected;
  progress.line(progress.paint(held ? "bold" : ["bold", "red"], headlineOf(result)));
  // The sentence says the first one already.
  for (const reason of reasons.slice(1)) progress.line(`- ${reason}`);
  if (lb.idleTimeoutMs < options.profile.idleTimeoutMs && result.verdict === "clean") {
    progress.line(
      `- This holds for an LB at ${setting(lb.idleTimeoutMs)}; the default is ${setting(options.profile.idleTimeoutMs)}: to see that a fix holds there, leave --lb-idle out.`,
    );
  }
  if (advice) progress.line(`\n${adviceText(advice)}\n`);
  const canBeFixed = result.verdict === "lost" || (result.verdict === "vulnerable" && advice !== null);
  if (canBeFixed && options.expect === "clean") {
    progress.line(
      "With the fix in place run the same command again: clean, as soon as the LB's idle timeout has passed.",
    );
  }
  progress.line(keptLine(options.out));
}

const TABLE_KEY = `in window: sent in the instant that was aimed at; reused: answered on the idle connection; fresh: it was gone, and the LB
opened another`;
