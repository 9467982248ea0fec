import { existsSync } from "node:fs";
import { join } from "node:path";
import { APP_LOG } from "../app/start-app.ts";
import { clearFolder } from "../run/out-folder.ts";
import type { Progress } from "../run/progress.ts";
import { annotationOf, appendSummary } from "./github.ts";
import { attributes } from "./junit.ts";
import { cell, escaped } from "./markup.ts";
import { prepareFolder, writeTogether } from "./write.ts";

/** A run that could not begin or go on, exit code 2: there is no result, only the line that says why. */
export interface Refusal {
  /** "check" */
  command: string;
  /** The line on standard error; nothing in it may be a secret. */
  message: string;
}

/**
 * Leaves junit.xml and summary.md in `folder`, which say why there is no result.json; the log of an app that this run started
 * stays beside them. An earlier run's result stays as it
 * is, save in CI: there it would pass for this run's.
 * @throws UsageError as prepareFolder() does
 */
export function writeRefusal(folder: string, refusal: Refusal, env: NodeJS.ProcessEnv): void {
  if (existsSync(join(folder, "result.json")) && !env.CI) return;
  prepareFolder(folder);
  clearFolder(folder, APP_LOG);
  writeTogether(folder, { "junit.xml": refusalJunit(refusal), "summary.md": refusalSummary(refusal) });
}

/** The same for GitHub Actions: an annotation, and a line on the job's page. Never throws. */
export function tellGithubRefusal(refusal: Refusal, progress: Progress, env: NodeJS.ProcessEnv): void {
  const { command, message } = refusal;
  if (env.GITHUB_STEP_SUMMARY) appendSummary(env.GITHUB_STEP_SUMMARY, refusalSummary(refusal), progress);
  if (env.GITHUB_ACTIONS === "true") {
    progress.line(annotationOf("error", `alb502 ${command}: no verdict`, message));
  }
}

export const refusalSummary = ({ command, message }: Refusal): string =>
  `## alb502 ${command}: no verdict\n\n${cell(message)}\n`;

/** An error, not a failure: the test could not be carried out. */
export const refusalJunit = (refusal: Refusal): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${refusalSuite(refusal, `alb502.${refusal.command}`)}\n`;

/** The suite alone, by its name, beside others'. */
export function refusalSuite({ command, message }: Refusal, name: string): string {
  const suite = attributes({ name, tests: 1, failures: 0, errors: 1 });
  const testcase = attributes({ classname: name, name: `${command} can be carried out` });
  return `<testsuite ${suite}>
  <testcase ${testcase}>
    <error ${attributes({ message, type: "no verdict" })}>${escaped(message)}</error>
  </testcase>
</testsuite>`;
}
