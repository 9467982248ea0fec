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
  progress.line(`\n${terminalTable(result)}\n${TABLE_KEYS[options.aim]}\n${CONNECTIONS_KEY}\n`);
  terminalPicture(result, progress);
  progress.line(progress.paint(held ? "bold" : ["bold", "red"], sentenceOf(result)));
  if (held) progress.line(`\nThe fix:\n${FIXES[options.fix].paste.map((line) => `  ${line}`).join("\n")}\n`);
  progress.line(keptLine(options.out));
}

const TABLE_KEYS = {
  close: `in window: met the close, which was kept back until the request had come by; both runs use the same gaps
lost in all: those that swept around it by the clock too`,
  clock: `in window: sent when the close was expected, settled before sending; both runs use the same gaps
lost in all: beyond the window's edges too, which are known to about half a millisecond`,
};

const CONNECTIONS_KEY = "reused: answered on the idle connection; fresh: it was gone, and the LB opened another";

function probeLine({ probe, lb }: Result): string {
  const claim =
    probe.claimedMs === null ? "its header promises nothing" : `its Keep-Alive header says ${setting(probe.claimedMs)}`;
  return `probe: ${probe.outcome}, ${claim}; the LB keeps them ${setting(lb.idleTimeoutMs)}: ${probe.verdict}`;
}
