import { type Result, resultSchema } from "../../record/result.ts";
import type { LogExcerpt } from "../log-excerpt.ts";
import { type Html, html, lines } from "../markup.ts";
import { pictureOf } from "../picture/model.ts";
import { lossesSection, timelineSection } from "./evidence-sections.ts";
import { page } from "./page.ts";
import { section } from "./parts.ts";
import { type Fix, inPlainWords, type Plain } from "./plain.ts";
import { logsSection, numbersSection, pictureSection, settingsSection } from "./sections.ts";

/** What the result itself does not hold. */
export interface ReportExtras {
  logs?: LogExcerpt | null;
  /** k6's own dashboards, as paths from the report's folder. */
  k6Dashboards?: readonly string[];
}

/**
 * report.html: one file that needs no network and no script, for people who have to be convinced. The verdict comes
 * first, in words for somebody who has never heard of the problem; each later part proves more.
 */
export function reportHtml(result: Result, { logs, k6Dashboards = [] }: ReportExtras = {}): string {
  const plain = inPlainWords(result);
  return page({
    called: `alb502 ${result.command}`,
    kicker: `502 from a load balancer, ${result.startedAt.slice(0, 10)}`,
    ...plain,
    main: html`${firstScreen(plain, result)}
${lines([
  pictureSection(pictureOf(result)),
  numbersSection(result),
  timelineSection(result),
  lossesSection(result),
  logsSection(logs ?? null),
  settingsSection(result),
  dataSection(k6Dashboards),
])}`,
    version: result.versions.alb502 ?? "",
    data: resultSchema.parse(result),
  });
}

/** Cause and fix: all that a newcomer needs. */
function firstScreen({ cause, fix }: Plain, { verdict }: Result): Html {
  const why = section("cause", "Why", html`${cause.map((sentence) => html`<p>${sentence}</p>`)}`);
  const title = verdict === "reproduced" ? "The fix, as tested here" : "The fix";
  return html`<div class="first">${lines([why, fix && section("fix", title, fixBody(fix))])}</div>`;
}

function fixBody({ headline, lines, more, source }: Fix): Html {
  const documented = source ? html`<p class="note">Documented: <a href="${linkable(source)}">${source}</a></p>` : null;
  const rest =
    more.length > 0
      ? html`<details><summary>More on this, and another way</summary><pre>${more.join("\n")}</pre>${documented}</details>`
      : documented;
  return html`<p>${headline}</p><pre>${lines.join("\n")}</pre>${rest}`;
}

/** Only an http(s) link; any other text leads nowhere. */
const linkable = (source: string): string => (/^https?:\/\//.test(source) ? source : "#fix");

function dataSection(k6Dashboards: readonly string[]): Html | null {
  const links = k6Dashboards.map((path, i) => html`${i > 0 ? ", " : ""}<a href="${fileLink(path)}">${path}</a>`);
  const link = links.length === 0 ? null : html`<p>k6’s own dashboard: ${links}</p>`;
  return section(
    "raw",
    "The data",
    html`<p>The whole result is in this page, as it is in result.json beside it.</p>
<button type="button" data-save="json" hidden>Save result.json</button><button type="button" data-save="csv" hidden>Save the requests as CSV</button>
${link}`,
  );
}

/** A path below the report, never a scheme such as javascript: */
const fileLink = (path: string): string =>
  `./${path
    .split(/[\\/]+/)
    .map(encodeURIComponent)
    .join("/")}`;
