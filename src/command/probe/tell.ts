import type { Result } from "../../record/result.ts";
import { adviceText, headlineOf, keptLine } from "../../report/headline.ts";
import { called } from "../../run/called.ts";
import type { Progress } from "../../run/progress.ts";
import type { ProbeOptions } from "./options.ts";

/** The result for people: the verdict in a sentence, what else was seen, and what to do about it. */
export function tellProbe({ line, paint }: Progress, result: Result, { out }: ProbeOptions): void {
  const { verdict, reasons, advice } = result;
  line("");
  line(paint(verdict === "safe" ? "bold" : ["bold", "red"], headlineOf(result)));
  for (const reason of reasons.slice(1)) line(`- ${reason}`);
  if (advice) {
    line(`\n${adviceText(advice)}`);
    line(
      `\nWith the fix in place run the same command again. ${called("check")} shows the loss itself, with real traffic.`,
    );
  }
  if (out !== null) line(`\n${keptLine(out)}`);
}
