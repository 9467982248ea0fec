import { appendFileSync } from "node:fs";
import type { Result } from "../record/result.ts";
import { EXIT } from "../run/exit.ts";
import type { Progress } from "../run/progress.ts";
import { exitCodeOf } from "../verdict/exit-code.ts";
import { sentenceOf } from "./sentence.ts";
import { markdownSummary } from "./summary.ts";

/**
 * Tells GitHub Actions what was found: the summary on the job's page (GITHUB_STEP_SUMMARY) and an annotation
 * (GITHUB_ACTIONS). Does nothing elsewhere, and never throws: showing a verdict must not change it.
 */
export function tellGithub(result: Result, progress: Progress, env: NodeJS.ProcessEnv): void {
  if (env.GITHUB_STEP_SUMMARY) appendSummary(env.GITHUB_STEP_SUMMARY, markdownSummary(result, "text"), progress);
  // GitHub reads commands from standard error too, so under --json this keeps clear of result.json.
  if (env.GITHUB_ACTIONS === "true") progress.line(annotation(result));
}

/** Appends: the file is one per step, and a step may run several commands. */
export function appendSummary(file: string, markdown: string, progress: Progress): void {
  try {
    appendFileSync(file, `${markdown}\n`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    progress.line(`warning: the job summary (GITHUB_STEP_SUMMARY) could not be written: ${code}`);
  }
}

/**
 * One line, a workflow command:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function annotation(result: Result): string {
  const title = `alb502 ${result.command}: ${result.verdict}`;
  const message = [sentenceOf(result), ...(result.advice ? [result.advice.headline] : [])].join("\n");
  return annotationOf(levelOf(result), title, message);
}

/** The workflow command of any annotation. */
export const annotationOf = (level: Level, title: string, message: string): string =>
  `::${level} title=${escapedProperty(title)}::${escapedMessage(message)}`;

type Level = "error" | "warning" | "notice";

/** Follows the exit code: a loss that `check --expect lost` asked for is not an error. */
export function levelOf({ command, verdict, settings }: Result): Level {
  const expected = command === "demo" ? "reproduced" : settings.expect === "lost" ? "lost" : "clean";
  const code = exitCodeOf(verdict, expected);
  return code === EXIT.asExpected ? "notice" : code === EXIT.inconclusive ? "warning" : "error";
}

// As @actions/core does it: actions/toolkit, packages/core/src/command.ts
const escapedMessage = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const escapedProperty = (text: string): string => escapedMessage(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
