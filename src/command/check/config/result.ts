import { basename } from "node:path";
import { RESULTS_SCHEMA, type Results, type TargetResult } from "../../../record/results.ts";
import { sentenceOf } from "../../../report/sentence.ts";
import { EXIT } from "../../../run/exit.ts";
import { VERSION } from "../../../run/version.ts";
import { exitCodeOf } from "../../../verdict/exit-code.ts";
import type { ConfiguredOptions } from "./options.ts";
import type { TargetEnd } from "./run.ts";

/** What all targets came to. @param durationMs of the whole run */
export function resultsOf(
  ends: readonly TargetEnd[],
  { file, out }: Pick<ConfiguredOptions, "file" | "out">,
  { startedAt, durationMs }: { startedAt: Date; durationMs: number },
): Results {
  const targets = ends.map((end) => targetResult(end, out !== null));
  return {
    schema: RESULTS_SCHEMA,
    startedAt: startedAt.toISOString(),
    durationMs,
    exitCode: worst(targets.map(({ exitCode }) => exitCode)),
    config: basename(file),
    targets,
    versions: { alb502: VERSION, node: process.versions.node },
  };
}

function targetResult({ target, end, durationMs }: TargetEnd, isKept: boolean): TargetResult {
  const { name, options } = target;
  const common = {
    name,
    url: options.target.origin,
    expect: options.expect,
    durationMs,
    lbIdleTimeoutMs: options.lbIdleMs,
  };
  if ("refused" in end) {
    const { refused: reason } = end;
    return {
      ...common,
      verdict: null,
      exitCode: EXIT.usageOrEnvironment,
      reason,
      advice: null,
      idleCloseMs: null,
      result: null,
    };
  }
  const { verdict, probe, advice } = end.result;
  return {
    ...common,
    verdict,
    exitCode: exitCodeOf(verdict, options.expect) as TargetResult["exitCode"],
    reason: sentenceOf(end.result),
    advice: advice?.headline ?? null,
    idleCloseMs: probe.idleCloseMs,
    result: isKept ? `${name}/result.json` : null,
  };
}

/**
 * A target that could not even be asked (2) comes first: somebody has to mend that, or a loss there stays unseen. Then a
 * loss that is certain (1), then what nobody knows (3). 0 only where all are as expected.
 */
export const worst = (codes: readonly TargetResult["exitCode"][]): TargetResult["exitCode"] =>
  ([EXIT.usageOrEnvironment, EXIT.expectationFailed, EXIT.inconclusive] as const).find((code) =>
    codes.includes(code),
  ) ?? EXIT.asExpected;
