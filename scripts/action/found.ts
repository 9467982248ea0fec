import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type Result, resultSchema } from "../../src/record/result.ts";
import { resultsSchema, type TargetResult } from "../../src/record/results.ts";
import { levelOf } from "../../src/report/github.ts";
import { findingOf } from "../../src/report/sentence.ts";
import { EXIT } from "../../src/run/exit.ts";

/** What was found of one target. */
export interface Finding {
  /** "not checked" where there is none. */
  verdict: string;
  isAsExpected: boolean;
  sentence: string;
  /** What to set; null where nothing has to be. */
  advice: string | null;
}

/** By the target's name; "" where there is but one. */
export type Found = Readonly<Record<string, Finding>>;

/**
 * What a check has left: result.json, or a config's results.json, which has the targets too that could not be checked.
 * @throws Error where it is not such a file
 */
export async function readFound(file: string): Promise<Found> {
  const value: unknown = JSON.parse(await readFile(file, "utf8"));
  if (basename(file) === "result.json") return { "": ofResult(resultSchema.parse(value)) };
  return Object.fromEntries(resultsSchema.parse(value).targets.map((target) => [target.name, ofTarget(target)]));
}

export const ofResult = (result: Result): Finding => ({
  verdict: result.verdict,
  isAsExpected: levelOf(result) === "notice",
  sentence: findingOf(result),
  advice: result.advice?.headline ?? null,
});

const ofTarget = ({ verdict, exitCode, reason, advice }: TargetResult): Finding => ({
  verdict: verdict ?? "not checked",
  isAsExpected: exitCode === EXIT.asExpected,
  sentence: reason,
  advice,
});
