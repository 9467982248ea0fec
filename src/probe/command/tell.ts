import type { Progress } from "../../cli/progress.ts";
import type { Result } from "../../report/result.ts";
import { sentenceOf } from "../../report/sentence.ts";

/** The result for people: the verdict in a sentence, what else was seen, and what to do about it. */
export function tellProbe({ line, paint }: Progress, result: Result, out: string | null): void {
  const { verdict, reasons, advice } = result;
  const sentence = sentenceOf(result);
  line("");
  line(
    verdict === "inconclusive"
      ? paint(["bold", "red"], sentence)
      : paint(verdict === "safe" ? "bold" : ["bold", "red"], `${verdict.toUpperCase()}. ${sentence}`),
  );
  for (const reason of reasons.slice(1)) line(`- ${reason}`);
  if (advice) {
    line(`\n${advice.headline}\n${advice.lines.map((text) => `  ${text}`).join("\n")}\n  (${advice.source})`);
  }
  if (out !== null) line(`\nKept in ${out}`);
}
