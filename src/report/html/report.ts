import { createHash } from "node:crypto";
import { type Result, resultSchema } from "../../record/result.ts";
import { escaped } from "../escape.ts";
import type { LogExcerpt } from "../log-excerpt.ts";
import { pictureOf } from "../picture/picture.ts";
import { commandOf } from "./command.ts";
import { lossesSection, timelineSection } from "./evidence-sections.ts";
import { inPlainWords, type Plain } from "./plain.ts";
import { SCRIPT } from "./script.ts";
import { section } from "./section.ts";
import { logsSection, numbersSection, pictureSection, settingsSection } from "./sections.ts";
import { STYLE } from "./style.ts";

/** What the result itself does not hold. */
export interface ReportExtras {
  logs?: LogExcerpt | null;
  /** k6's own dashboards, as paths from the report's folder. */
  k6Dashboards?: readonly string[];
}

/**
 * report.html: one file that needs no network and no script, for people who have to be convinced. The verdict comes
 * first, in words for somebody who never heard of the problem; each later part proves more.
 */
export function reportHtml(result: Result, { logs, k6Dashboards = [] }: ReportExtras = {}): string {
  const plain = inPlainWords(result);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>alb502 ${result.command}: ${escaped(plain.verdict)}</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<p class="kicker">alb502 ${result.command}: 502 from a load balancer, ${escaped(result.startedAt.slice(0, 10))}</p>
<h1 id="verdict" class="${plain.mood}"><span aria-hidden="true">${SIGNS[plain.mood]}</span> ${escaped(plain.verdict)}</h1>
</header>
<main id="main" tabindex="-1">
${firstScreen(plain, result)}
${[
  pictureSection(pictureOf(result)),
  numbersSection(result),
  timelineSection(result),
  lossesSection(result),
  logsSection(logs ?? null),
  settingsSection(result, commandOf(result)),
  dataSection(k6Dashboards),
]
  .filter((part) => part !== "")
  .join("\n")}
</main>
<footer><p>Written by alb502 ${escaped(result.versions.alb502 ?? "")}. It reads nothing from the network.</p></footer>
<script type="application/json" id="data">${jsonInHtml(resultSchema.parse(result))}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

/** Should a value of somebody's server ever get through unescaped: no other script runs, and nothing is fetched. */
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash("sha256").update(SCRIPT).digest("base64")}'`;

/** Beside the colour. */
const SIGNS = { good: "✓", bad: "✗", unknown: "?" };

/** Cause and fix: all that a newcomer needs. */
function firstScreen({ cause, fix }: Plain, { verdict }: Result): string {
  const why = cause.map((sentence) => `<p>${escaped(sentence)}</p>`).join("");
  const parts = [section("cause", "Why", why)];
  if (fix) {
    const source = fix.source
      ? `<p class="note">Documented: <a href="${escaped(linkable(fix.source))}">${escaped(fix.source)}</a></p>`
      : "";
    const more = [...(fix.more.length > 0 ? [`<pre>${escaped(fix.more.join("\n"))}</pre>`] : []), source].join("");
    const folded =
      fix.more.length > 0 ? `<details><summary>More on this, and another way</summary>${more}</details>` : source;
    const title = verdict === "reproduced" ? "The fix, as tested here" : "The fix";
    parts.push(
      section("fix", title, `<p>${escaped(fix.headline)}</p><pre>${escaped(fix.lines.join("\n"))}</pre>${folded}`),
    );
  }
  return `<div class="first">${parts.join("\n")}</div>`;
}

/** Only what is one; a text that is none leads nowhere. */
const linkable = (source: string): string => (/^https?:\/\//.test(source) ? source : "#fix");

function dataSection(k6Dashboards: readonly string[]): string {
  const links = k6Dashboards.map((path) => `<a href="${escaped(fileLink(path))}">${escaped(path)}</a>`);
  const link = links.length === 0 ? "" : `<p>k6’s own dashboard: ${links.join(", ")}</p>`;
  return section(
    "raw",
    "The data",
    `<p>The whole result is in this page, as it is in result.json beside it.</p>
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

/** No value can end the script element, nor begin a comment in it. */
const jsonInHtml = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>\u2028\u2029]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
