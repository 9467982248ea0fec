import type { Progress } from "../cli/progress.ts";
import { setting } from "../report/format.ts";
import type { Result } from "../report/result.ts";
import { sentenceOf } from "../report/sentence.ts";
import { terminalTable } from "../report/table.ts";
import { checkExitCode } from "./check-result.ts";
import type { CheckOptions } from "./options.ts";

/** The result for people: what was seen, the verdict, and what to do about it. */
export function tellCheck(progress: Progress, result: Result, options: CheckOptions): void {
  const { probe, lb, runs, reasons, advice } = result;
  if (probe.connections > 0) {
    const claim = probe.claimedMs === null ? "" : `; its Keep-Alive header says ${setting(probe.claimedMs)}`;
    progress.line(`probe: ${probe.outcome}${claim}; the LB keeps them ${setting(lb.idleTimeoutMs)}: ${probe.verdict}`);
  }
  if (runs.length > 0) progress.line(`\n${terminalTable(result)}\n`);
  const held = checkExitCode(result, options) === 0;
  progress.line(progress.paint(held ? "bold" : ["bold", "red"], headlineOf(result)));
  // The first one is what the sentence says.
  for (const reason of reasons.slice(1)) progress.line(`- ${reason}`);
  if (advice) {
    progress.line(
      `\n${advice.headline}\n${advice.lines.map((line) => `  ${line}`).join("\n")}\n  (${advice.source})\n`,
    );
  }
  progress.line(options.out === null ? "Add --out DIR to keep result.json and the logs." : `Kept in ${options.out}`);
}

/** "LOST. Node closes ...": the sentence of an inconclusive run begins with that word already. */
const headlineOf = (result: Result): string =>
  result.verdict === "inconclusive" ? sentenceOf(result) : `${result.verdict.toUpperCase()}. ${sentenceOf(result)}`;
