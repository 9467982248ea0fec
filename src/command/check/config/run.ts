import type { Result } from "../../../record/result.ts";
import { writeRefusal } from "../../../report/refusal.ts";
import { findingOf } from "../../../report/sentence.ts";
import { prepareFolder, writeResult } from "../../../report/write.ts";
import { EnvironmentError, UsageError } from "../../../run/exit.ts";
import { isolated } from "../../../run/isolated.ts";
import { clearFolder } from "../../../run/out-folder.ts";
import type { Run } from "../../../run/run.ts";
import { carryOut } from "../../result-command.ts";
import { checkAsked, checkFound } from "../result.ts";
import { runCheck } from "../run.ts";
import { loadConfig } from "./load.ts";
import type { ConfiguredOptions } from "./options.ts";
import { type Target, targetsOf } from "./targets.ts";
import { turnsOf } from "./turns.ts";

/** What a target came to. */
export interface TargetEnd {
  target: Target;
  durationMs: number;
  /** Its result; or the line that says why there is none. */
  end: { result: Result } | { refused: string };
}

/**
 * Checks the targets of a config file, several at a time, since each is mostly waiting. One that cannot be checked does not
 * keep the others from it.
 * @throws UsageError for what is wrong with the config file, before anything is started
 */
export async function runConfigured(run: Run, options: ConfiguredOptions, begin: () => void): Promise<TargetEnd[]> {
  const { file, picked, out } = options;
  const config = await loadConfig(file);
  const targets = targetsOf(config, { file, picked, out }, process.env);
  for (const { options } of targets) if (options.out !== null) prepareFolder(options.out);
  begin();
  const turns = turnsOf(targets);
  const atOnce = Math.min(options.atOnce ?? config.options?.atOnce ?? AT_ONCE, turns.length);
  if (targets.length > 1) run.progress.line(`${targets.length} targets, ${atOnce} at a time`);
  const ends: TargetEnd[] = [];
  let begun = 0;
  const inTurn = async () => {
    while (begun < turns.length) {
      for (const i of turns[begun++]!) {
        const target = targets[i]!;
        ends[i] = await checkOne(targets.length === 1 ? run : named(run, target.name), target);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, inTurn));
  return ends;
}

/** More of them would compete for the cores in the moments that count. */
const AT_ONCE = 3;

async function checkOne(run: Run, target: Target): Promise<TargetEnd> {
  const { options } = target;
  const { out } = options;
  const beganMs = performance.now();
  const ended = (end: TargetEnd["end"]): TargetEnd => ({
    target,
    end,
    durationMs: Math.round(performance.now() - beganMs),
  });
  if (out !== null) clearFolder(out);
  try {
    const { result, seen } = await isolated(run, (inner) =>
      carryOut(inner, { run: runCheck, asked: checkAsked, found: checkFound }, options),
    );
    if (out !== null) writeResult(out, result, seen ?? {});
    run.progress.line(`${result.verdict}: ${findingOf(result)}`);
    return ended({ result });
  } catch (error) {
    run.signal.throwIfAborted();
    if (!(error instanceof UsageError || error instanceof EnvironmentError)) throw error;
    run.progress.line(`not checked: ${error.message}`);
    if (out !== null) writeRefusal(out, { command: "check", message: error.message }, process.env);
    return ended({ refused: error.message });
  }
}

/** Whose lines they are; a countdown is shown of none, as they would overwrite each other. */
const named = (run: Run, name: string): Run => ({
  ...run,
  progress: {
    ...run.progress,
    line: (text) => run.progress.line(text.replace(/^(?=.)/gm, `${name}: `)),
    transient() {},
  },
});
