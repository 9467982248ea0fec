import type { Result } from "../record/result.ts";
import { type Results, resultsSchema, type TargetResult } from "../record/results.ts";
import { measured, setting } from "../record/units.ts";
import { EXIT } from "../run/exit.ts";
import type { Progress } from "../run/progress.ts";
import { annotationOf, appendSummary } from "./github.ts";
import { page } from "./html/page.ts";
import { section } from "./html/parts.ts";
import { junitSuite } from "./junit.ts";
import { cell, html, lines } from "./markup.ts";
import { refusalSuite } from "./refusal.ts";

/** What --out keeps of a run with several targets, beside the folder of each. */
export const RESULTS_FILES: readonly string[] = ["results.json", "report.html", "junit.xml", "summary.md"];

/** @param each the targets' results, by their names; missing where one has none */
export const resultsFiles = (results: Results, each: ReadonlyMap<string, Result>): Record<string, string> => ({
  "junit.xml": resultsJunit(results, each),
  "summary.md": resultsSummary(results),
  "report.html": resultsHtml(results),
  "results.json": resultsJson(results),
});

/** results.json's text: what --out keeps and --json prints are the same bytes. */
export const resultsJson = (results: Results): string => `${JSON.stringify(resultsSchema.parse(results), null, 2)}\n`;

/** One row a target under a heading, for people. */
export const resultsRows = ({ targets }: Results): string[][] => [
  ["target", "verdict", "idle close", "LB's idle timeout", "took", "exit code"],
  ...targets.map(({ name, verdict, idleCloseMs, lbIdleTimeoutMs, durationMs, exitCode }) => [
    name,
    verdict ?? "not checked",
    idleCloseMs === null ? "-" : measured(idleCloseMs),
    setting(lbIdleTimeoutMs),
    setting(Math.round(durationMs / 1000) * 1000),
    `${exitCode}`,
  ]),
];

/** "2 of 3 targets are as expected." */
export function resultsSentence({ targets }: Results): string {
  const good = targets.filter(({ exitCode }) => exitCode === EXIT.asExpected).length;
  const many = `${targets.length} ${targets.length === 1 ? "target is" : "targets are"}`;
  return `${good} of ${many} as expected.`;
}

export function resultsSummary(results: Results): string {
  const [heading, ...rows] = resultsRows(results).map((row) => `| ${row.map(cell).join(" | ")} |`);
  const reasons = results.targets.map(
    ({ name, reason, advice }) => `- **${cell(name)}**: ${cell(reason)}${advice === null ? "" : ` ${cell(advice)}`}`,
  );
  const alignment = `|${resultsRows(results)[0]!
    .map((_, column) => (column < 2 ? "---" : "---:"))
    .join("|")}|`;
  return `${[
    `## alb502 check: ${resultsSentence(results)}`,
    [heading, alignment, ...rows].join("\n"),
    reasons.join("\n"),
    `Config: ${cell(results.config)}  \nStarted: ${results.startedAt}`,
  ].join("\n\n")}\n`;
}

/** One suite a target: https://github.com/testmoapp/junitxml */
export function resultsJunit({ targets }: Results, each: ReadonlyMap<string, Result>): string {
  const suites = targets.map(({ name, reason }) => {
    const result = each.get(name);
    return result === undefined ? refusalSuite({ command: "check", message: reason }, name) : junitSuite(result, name);
  });
  return `${['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...suites, "</testsuites>"].join("\n")}\n`;
}

/** An annotation for each target, and the summary on the job's page. */
export function tellGithubResults(results: Results, progress: Progress, env: NodeJS.ProcessEnv): void {
  if (env.GITHUB_STEP_SUMMARY) appendSummary(env.GITHUB_STEP_SUMMARY, resultsSummary(results), progress);
  if (env.GITHUB_ACTIONS !== "true") return;
  for (const { name, verdict, reason, advice, exitCode } of results.targets) {
    const level = exitCode === EXIT.asExpected ? "notice" : exitCode === EXIT.inconclusive ? "warning" : "error";
    progress.line(
      annotationOf(
        level,
        `alb502 check, ${name}: ${verdict ?? "no verdict"}`,
        [reason, ...(advice === null ? [] : [advice])].join("\n"),
      ),
    );
  }
}

/** report.html: which target is as it should be, and the way to each one's own report. */
function resultsHtml(results: Results): string {
  const [heading, ...rows] = resultsRows(results);
  const body = rows.map(([name, ...cells], i) => {
    const target = results.targets[i]!;
    const link =
      target.result === null ? html`${name!}` : html`<a href="./${encodeURIComponent(name!)}/report.html">${name!}</a>`;
    return html`<tr><th scope="row">${link}</th>${cells.map((one) => html`<td>${one}</td>`)}</tr>`;
  });
  const table = html`<div class="scroll" role="region" tabindex="0" aria-label="All targets"><table class="losses">
<caption>All targets; each name leads to its own report</caption>
<thead><tr>${heading!.map((one) => html`<th scope="col">${one}</th>`)}</tr></thead>
<tbody>
${lines(body)}
</tbody></table></div>`;
  return page({
    called: "alb502 check",
    kicker: `${results.targets.length} targets, ${results.startedAt.slice(0, 10)}`,
    mood: MOODS[results.exitCode],
    verdict: resultsSentence(results),
    main: lines([
      section("targets", "The targets", table),
      section("found", "What was found", lines(results.targets.map(foundOf))),
    ]),
    version: results.versions.alb502 ?? "",
    data: resultsSchema.parse(results),
  });
}

const MOODS = { 0: "good", 1: "bad", 2: "unknown", 3: "unknown" } as const;

const foundOf = ({ name, reason, advice }: TargetResult) =>
  html`<p><strong>${name}</strong>: ${reason}</p>${advice === null ? null : html`<p>${advice}</p>`}`;
