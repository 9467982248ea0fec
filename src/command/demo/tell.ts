import type { Result } from "../../record/result.ts";
import { setting } from "../../record/units.ts";
import { keptLine } from "../../report/headline.ts";
import { terminalPicture } from "../../report/picture/text.ts";
import { sentenceOf } from "../../report/sentence.ts";
import { terminalTable } from "../../report/table.ts";
import type { Progress } from "../../run/progress.ts";
import { FIXES } from "./fixes.ts";
import type { DemoOptions } from "./options.ts";

/** The result for people: what was seen, the verdict in a sentence, and the fix to paste. */
export function tellDemo(progress: Progress, result: Result, options: DemoOptions): void {
  const held = result.verdict === "reproduced";
  progress.line(probeLine(result));
  progress.line(`\n${terminalTable(result)}\n${tableKey(options)}\n`);
  terminalPicture(result, progress);
  progress.line(progress.paint(held ? "bold" : ["bold", "red"], sentenceOf(result)));
  if (held) progress.line(`\nThe fix:\n${FIXES[options.fix].paste.map((line) => `  ${line}`).join("\n")}\n`);
  progress.line(keptLine(options.out));
}

const tableKey = ({ aim }: DemoOptions): string => `in window: ${IN_WINDOW[aim]}; both runs use the same gaps
lost in all: the requests about the window too; reused: answered on the idle connection; fresh: the LB opened another`;

const IN_WINDOW = {
  close: "came to the target's door while its close was kept back there",
  clock: "sent when the close was expected, settled before sending",
};

function probeLine({ probe, lb }: Result): string {
  const claim =
    probe.claimedMs === null ? "its header promises nothing" : `its Keep-Alive header says ${setting(probe.claimedMs)}`;
  return `probe: ${probe.outcome}, ${claim}; the LB keeps them ${setting(lb.idleTimeoutMs)}: ${probe.verdict}`;
}
