import type { OutputOptions } from "../cli/output-options.ts";
import { RESULT_SCHEMA, type Result } from "../record/result.ts";
import { tellGithub } from "../report/github.ts";
import type { ReportExtras } from "../report/html/report.ts";
import { noProbe } from "../report/probe-part.ts";
import { writeRefusal } from "../report/refusal.ts";
import { capitalised } from "../report/sentence.ts";
import { prepareFolder, resultJson, writeResult } from "../report/write.ts";
import { InconclusiveError } from "../run/exit.ts";
import type { Run } from "../run/run.ts";
import { VERSION } from "../run/version.ts";
import { type Definition, define } from "./define.ts";

/** The parts of a result.json that the options alone determine. */
export interface Asked extends Pick<Result, "command" | "lb" | "settings"> {
  rttMs: number;
}

/** The parts that only the run shows. */
export interface Found extends Pick<Result, "verdict" | "reasons" | "probe" | "runs"> {
  /** null where nobody measured it. */
  measuredRttMs: number | null;
  comparison?: Result["comparison"];
  advice?: Result["advice"];
  control?: Result["control"];
  /** Of the parts, and of what ran them. */
  versions?: Result["versions"];
  /** What the run itself decided: which runtime `auto` chose. */
  settings?: Result["settings"];
}

type Common = "commandLine" | "run" | "tell" | "exitCode";

/** What is specific to a command that leaves a result.json. */
export interface ResultDefinition<O extends OutputOptions, S> extends Pick<Definition<O, S, Result>, Common> {
  asked(options: O): Asked;
  found(seen: S, options: O, startedAt: Date): Found;
  /** What it may leave in --out's folder; by default, all that any of these commands does. */
  writes?: readonly string[];
  /** What its report shows besides the result. */
  extras?(seen: S): ReportExtras;
}

/** demo, probe, check and up: result.json and what is made from it, here and in GitHub Actions. */
export const resultCommand = <O extends OutputOptions, S>(definition: ResultDefinition<O, S>) => {
  const { commandLine, asked, found, extras } = definition;
  return define<O, S, Result>({
    commandLine,
    run: definition.run,
    result: (seen, options, startedAt) => resultOf(asked(options), found(seen, options, startedAt), startedAt),
    unfinished: (reason, options, startedAt) => resultOf(asked(options), unfinished(reason), startedAt),
    json: resultJson,
    folder: {
      prepare: (path) => prepareFolder(path, definition.writes),
      write: (path, result, seen) => writeResult(path, result, seen === null ? {} : extras?.(seen)),
      refuse: (path, refusal) => writeRefusal(path, refusal, process.env),
    },
    tell: definition.tell,
    tellGithub: (result, progress) => tellGithub(result, progress, process.env),
    exitCode: definition.exitCode,
  });
};

/** What a command does, without what it tells: for whoever has a run already, and options that no command line gave. */
export type Carried<O extends OutputOptions, S> = Pick<ResultDefinition<O, S>, "asked" | "found" | "run">;

/**
 * Carries a command out, to its result: an unfinished one where an InconclusiveError ended it.
 * @returns with the result what was seen; null where it is unfinished
 * @throws what the command throws; the signal's reason when it was interrupted
 */
export async function carryOut<O extends OutputOptions, S>(
  run: Run,
  { run: body, asked, found }: Carried<O, S>,
  options: O,
  begin: () => void = () => {},
): Promise<{ result: Result; seen: S | null }> {
  const startedAt = new Date();
  try {
    const seen = await body(run, options, begin);
    return { result: resultOf(asked(options), found(seen, options, startedAt), startedAt), seen };
  } catch (error) {
    run.signal.throwIfAborted();
    if (!(error instanceof InconclusiveError)) throw error;
    return { result: resultOf(asked(options), unfinished(`${error.message}.`), startedAt), seen: null };
  }
}

/** A run that ends without evidence has a result too, since a CI job reads it; never a clean one. */
const unfinished = (reason: string): Found => ({
  verdict: "inconclusive",
  reasons: [capitalised(reason)],
  probe: noProbe("the run ended before"),
  measuredRttMs: null,
  runs: [],
});

function resultOf(asked: Asked, found: Found, startedAt: Date): Result {
  const { rttMs, ...known } = asked;
  const { measuredRttMs, ...seen } = found;
  return {
    comparison: null,
    ...known,
    ...seen,
    schema: RESULT_SCHEMA,
    startedAt: startedAt.toISOString(),
    durationMs: sinceMs(startedAt),
    network: { rttMs, measuredRttMs },
    versions: { alb502: VERSION, node: process.versions.node, ...seen.versions },
    settings: { ...known.settings, ...seen.settings },
  };
}

/** By the monotonic clock: the time of day may be set while the command runs, to an earlier one too. */
export function sinceMs(startedAt: Date): number {
  const startedMs = startedAt.getTime() - performance.timeOrigin;
  return Math.max(0, Math.round(performance.now() - startedMs));
}
